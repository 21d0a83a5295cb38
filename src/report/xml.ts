import XMLBuilder from 'fast-xml-builder';

/** Elements by name; attributes begin with `@`, and `#text` is the text between the tags. */
export interface Element {
  readonly [name: string]: string | number | undefined | Element | readonly Element[];
}

const builder = new XMLBuilder({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  format: true,
  suppressEmptyNode: true,
  suppressBooleanAttributes: false,
});

/** An XML 1.0 document. Text that XML cannot hold must have passed `xmlText`. */
export function renderXml(root: Element): string {
  return builder.build({ '?xml': { '@version': '1.0', '@encoding': 'UTF-8' }, ...root });
}

/** XML 1.0 2.2: these characters cannot stand in a document in any form, so they become `\uNNNN`. */
export function xmlText(text: string): string {
  return text.replace(
    /[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]|\p{Cs}/gu,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
