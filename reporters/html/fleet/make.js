// Elements are made of names and text; nothing that a server said is ever read as HTML.

/** An element with attributes and what stands in it: text, elements, or nothing. */
export const make = (name, attributes = {}, ...inside) => {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes))
    if (value !== undefined && value !== false) element.setAttribute(key, value === true ? '' : value);
  element.append(...inside.flat().filter((part) => part !== undefined && part !== ''));
  return element;
};
