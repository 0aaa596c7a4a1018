// What is being typed is kept a moment after the last letter.
let timer;

export function later(context) {
  clearTimeout(timer);
  timer = setTimeout(context.keep, 400);
}
