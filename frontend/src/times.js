// A moment as somebody types it in a hurry; the rules and their order are those of
// `gongchou/core/typed_times.py`, and both are held to `tests/core/typed_times.json`.
// A day is [year, month, day]; days and hours are those of Shanghai.
const LONGEST = 40;
const ANY_DAY = [2022, 2, 17];
const EXAMPLES = "请写成“8:00”“0800”“2月17日 8点”或“2022-02-17 08:00”。";
const BARE = { 8: ["YYYYMMDD", "DDMMYYYY", "MMDDYYYY"], 6: ["YYMMDD", "DDMMYY"], 4: ["MMDD"] };
const WHOLE_DATE = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})[日号]?$/;
const SHORT_DATE = /^(\d{1,2})[-/.月](\d{1,2})[日号]?$/;
const TIME = /^(凌晨|早上|上午|中午|下午|傍晚|晚上)?(?:(\d{1,2}):(\d{2})(?::(\d{2}))?|(\d{1,2})(\d{2})|(\d{1,2})[点时](?:整|钟|(半)|(\d{1,2})分?)?)$/;
const LATE = ["下午", "傍晚", "晚上"];

const two = (number) => String(number).padStart(2, "0");
const within = (number, least, most) => number >= least && number <= most;

// The one moment that `text` can mean, as 2022-02-17T08:00:00+08:00; an Error that says what is wrong.
export function momentSaid(text, on) {
  const plain = normal(text);
  const found = [...new Set(readings(plain, on))].sort();
  if (plain.length > LONGEST || !found.length) throw new Error(unread(text, plain, on));
  if (found.length > 1) {
    const example = `${found[0].slice(0, 10)} ${found[0].slice(11, 16)}`;
    throw new Error(`“${text}”可以读作${found.map(writtenMoment).join("，也可以读作")}，请写成“${example}”这样。`);
  }
  return found[0];
}

// 2022年2月17日 08:00, with seconds where there are any.
export function writtenMoment(at) {
  const day = dayOf(at);
  const second = at.slice(17, 19);
  return `${day[0]}年${day[1]}月${day[2]}日 ${at.slice(11, 16)}${second === "00" ? "" : `:${second}`}`;
}

// What was typed as a sentence for whoever typed it; nothing where that is how it would be written.
export function readAs(typed, on) {
  if (!typed.trim()) return { text: "", isWrong: false };
  try {
    const found = writtenMoment(momentSaid(typed.trim(), on));
    return { text: found === typed.trim() ? "" : `读作${found}`, isWrong: false };
  } catch (error) {
    return { text: error.message, isWrong: true };
  }
}

export const dayOf = (written) => (written ? written.slice(0, 10).split("-").map(Number) : null);

const normal = (text) => text.normalize("NFKC").replace(/(\d)T(?=\d)/gi, "$1 ").replace(/[,，、\s]+/g, " ").trim();
const shut = (text) => text.replaceAll(" ", "");

function unread(text, plain, on) {
  if (!on && readings(plain, ANY_DAY).length) return `“${text}”没有写明哪一天，请连年月日一起写，如“2022-02-17 08:00”。`;
  if (days(shut(plain), on).length) return `“${text}”只写了日期，请写明几点，如“8:00”。`;
  return `“${text.slice(0, LONGEST)}”看不出是什么时间，${EXAMPLES}`;
}

function readings(plain, on) {
  return halves(plain).flatMap((half) => {
    const wanted = half.day ? days(half.day, on) : on ? [on] : [];
    return wanted.flatMap((day) => clocks(half.hour).map((clock) => `${day[0]}-${two(day[1])}-${two(day[2])}T${clock}+08:00`));
  });
}

// Where the day may end and the hour begin: nowhere, at a space, after 日, after eight digits.
function halves(plain) {
  const ends = new Set();
  for (const at of plain.matchAll(/ |[日号]/g)) ends.add(at[0] === " " ? at.index : at.index + 1);
  if (/^\d{11,12}$/.test(plain)) ends.add(8);
  return [0, ...ends].map((end) => ({ day: shut(plain.slice(0, end)), hour: shut(plain.slice(end)) }));
}

function days(text, on) {
  const whole = WHOLE_DATE.exec(text);
  if (whole) return real([whole.slice(1).map(Number)]);
  const short = SHORT_DATE.exec(text);
  if (short) return nearest(Number(short[1]), Number(short[2]), on);
  if (!/^\d+$/.test(text)) return [];
  return (BARE[text.length] ?? []).flatMap((form) => {
    const part = (letter) => Number([...text].filter((_, i) => form[i] === letter).join(""));
    if (!form.includes("Y")) return nearest(part("M"), part("D"), on);
    return real([[part("Y") + (form.includes("YYYY") ? 0 : 2000), part("M"), part("D")]]);
  });
}

// Without a year: the one that lies nearest to the day in question.
function nearest(month, day, on) {
  if (!on) return [];
  const away = (one) => Math.abs(Date.UTC(one[0], one[1] - 1, one[2]) - Date.UTC(on[0], on[1] - 1, on[2]));
  const found = real([-1, 0, 1].map((step) => [on[0] + step, month, day]));
  return found.length ? [found.reduce((best, one) => (away(one) < away(best) ? one : best))] : [];
}

function real(parts) {
  return parts.filter((day) => {
    const date = new Date(Date.UTC(day[0], day[1] - 1, day[2]));
    return within(day[0], 2000, 2099) && date.getUTCMonth() === day[1] - 1 && date.getUTCDate() === day[2];
  });
}

function clocks(text) {
  const found = TIME.exec(text);
  if (!found) return [];
  const hour = ofDay(found[1], Number(found[2] ?? found[5] ?? found[7]));
  const minute = found[8] ? 30 : Number(found[3] ?? found[6] ?? found[9] ?? 0);
  const second = Number(found[4] ?? 0);
  return within(hour, 0, 23) && within(minute, 0, 59) && within(second, 0, 59) ? [[hour, minute, second].map(two).join(":")] : [];
}

// 下午2点 is 14; what no clock shows is told by -1.
function ofDay(part, hour) {
  if (LATE.includes(part)) return within(hour, 1, 11) ? hour + 12 : within(hour, 13, 23) ? hour : -1;
  if (part === "中午") return within(hour, 1, 2) ? hour + 12 : within(hour, 11, 14) ? hour : -1;
  if (!part) return hour;
  return hour < 12 ? hour : -1;
}
