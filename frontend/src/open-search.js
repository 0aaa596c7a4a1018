// Search in the exported portal. The index is a script beside the page, since a page opened from
// a folder may fetch nothing; what is asked stands in the address, so that it can be handed on.
(() => {
  const index = window.GONGCHOU_RESULTS;
  const place = document.querySelector("[data-search-results]");
  if (!index || !place) return;
  document.querySelector("[data-search-without]").hidden = true;

  const LONGEST = 40;
  const AT_ONCE = 50;
  const query = new URLSearchParams(location.search);
  const word = (name) => (query.get(name) || "").split(/\s+/u).filter(Boolean).join(" ").slice(0, LONGEST);
  const asked = { text: word("q"), quarter: word("quarter"), area: word("area"), item: word("item") };

  const form = document.querySelector(".open-search");
  for (const field of ["q", "quarter", "area", "item"]) {
    const control = form.elements.namedItem(field);
    if (control) control.value = word(field);
  }
  const more = form.querySelector("details");
  if (more) more.open = Boolean(asked.quarter || asked.area || asked.item);
  if (!Object.values(asked).some(Boolean)) return;

  const name = asked.text.toUpperCase();
  const found = index.rows.filter((row) =>
    (!name || row.subject.toUpperCase().includes(name) || row.uscc.startsWith(name)) &&
    (!asked.quarter || row.quarter === asked.quarter) &&
    (!asked.area || row.area === asked.area) &&
    (!asked.item || row.items.includes(asked.item)));

  const narrowed = [index.quarters[asked.quarter] || asked.quarter, asked.area, asked.item];
  const about = asked.text ? `与“${asked.text}”有关的` : "";
  const count = `找到 ${found.length} 条${about}结果`;
  place.querySelector("[role=status]").textContent = `${[count, ...narrowed].filter(Boolean).join("，")}。`;
  place.querySelector("[data-search-none]").hidden = found.length > 0;

  const list = place.querySelector("ul");
  const onward = place.querySelector("button");
  const element = (tag, text, className = "") => {
    const made = document.createElement(tag);
    made.textContent = text;
    made.className = className;
    return made;
  };
  const line = (row) => {
    const item = element("li", "");
    const link = element("a", "");
    link.href = place.dataset.root + row.page;
    link.append(element("strong", row.subject));
    const area = row.area ? `，${row.area}` : "";
    const says = `${row.day}检查${area}，查了${row.items.join("、")}`;
    item.append(link, element("span", row.result, "state"), element("span", says, "open-meta"));
    return item;
  };
  const show = () => {
    const from = list.children.length;
    list.append(...found.slice(from, from + AT_ONCE).map(line));
    onward.hidden = list.children.length >= found.length;
  };
  onward.addEventListener("click", show);
  show();
  place.hidden = false;
})();
