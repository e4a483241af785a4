/** Where in an HTML document the next character stands. */
export type HtmlState =
  | { readonly at: 'text' | 'tag' | 'comment' }
  /** Inside of `<title>` or `<textarea>`: text in which tags mean nothing. */
  | { readonly at: 'plain' | 'script' | 'style'; readonly element: string }
  | { readonly at: 'name' | 'after-name' | 'before-value'; readonly name: string }
  | {
      readonly at: 'value';
      readonly name: string;
      readonly kind: AttributeKind;
      /** Empty: the value stands without quotes. */
      readonly quote: '' | '"' | "'";
      /** What the template itself wrote of the value so far. */
      readonly written: string;
    };

export type AttributeKind = 'plain' | 'url' | 'style' | 'script';

const URL_ATTRIBUTES = new Set([
  'action',
  'archive',
  'background',
  'cite',
  'classid',
  'codebase',
  'data',
  'formaction',
  'href',
  'icon',
  'longdesc',
  'manifest',
  'poster',
  'profile',
  'src',
  'srcset',
  'usemap',
  'xmlns',
]);

/** What an attribute holds; unknown names that speak of an address are taken for one. */
export function attributeKind(written: string): AttributeKind {
  const name = written.toLowerCase().replace(/^data-/, '');
  if (name.startsWith('xmlns:')) return 'url';
  const local = name.slice(name.indexOf(':') + 1);
  if (URL_ATTRIBUTES.has(local)) return 'url';
  if (local === 'style') return 'style';
  if (local === 'srclang') return 'plain';
  if (local.startsWith('on')) return 'script';
  return /src|uri|url/.test(local) ? 'url' : 'plain';
}

const ELEMENT_STATES: Readonly<Record<string, 'plain' | 'script' | 'style'>> = {
  title: 'plain',
  textarea: 'plain',
  script: 'script',
  style: 'style',
};

/** The state of the content of an element whose start tag just ended. */
export function contentOf(element: string): HtmlState {
  const special = ELEMENT_STATES[element.toLowerCase()];
  return special === undefined ? { at: 'text' } : { at: special, element: element.toLowerCase() };
}
