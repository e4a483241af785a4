import { escapeValue } from './html-escape.ts';
import { attributeKind, contentOf, type HtmlState } from './html-state.ts';
import type { Writer } from './writer.ts';

/**
 * For HTML: follows the document while it is written and escapes each value for the place where it lands, as Go's html/template does
 * (https://pkg.go.dev/html/template#hdr-Contexts). Comments of the template are left out. Values inside of scripts, event
 * handlers, and quoted texts and addresses of CSS are refused: e-mail has no use for them.
 */
export function createHtmlWriter(spend: () => void, keep: (text: string) => void): Writer {
  const parts: string[] = [];
  const add = (text: string): void => {
    keep(text);
    parts.push(text);
  };
  let state: HtmlState = { at: 'text' };
  let element = '';
  return {
    isHtml: true,
    text(text) {
      let at = 0;
      while (at < text.length) {
        const step = advance(state, element, text, at);
        add(step.written);
        ({ state, element } = step);
        at = step.end;
      }
    },
    value(value, escaper) {
      if (state.at === 'before-value') {
        state = { at: 'value', name: state.name, kind: attributeKind(state.name), quote: '', written: '' };
      }
      add(escapeValue(value, state, escaper, spend));
      if (state.at === 'tag') state = { at: 'name', name: '' };
    },
    result: () => parts.join(''),
  };
}

interface Step {
  readonly state: HtmlState;
  /** The element whose tag is open. */
  readonly element: string;
  readonly end: number;
  readonly written: string;
}

/** Moves over the longest piece of `text` that stays in one state. Always moves. */
function advance(state: HtmlState, element: string, text: string, at: number): Step {
  const until = (end: number, next: HtmlState, name = element): Step => ({
    state: next,
    element: name,
    end,
    written: text.slice(at, end),
  });
  switch (state.at) {
    case 'text': {
      const found = find(/<!--|<\/?[A-Za-z][A-Za-z0-9:-]*/g, text, at);
      const before = escapeLoose(text.slice(at, found?.index ?? text.length));
      if (!found) return { state, element, end: text.length, written: before };
      const end = found.index + found[0].length;
      if (found[0] === '<!--') return { state: { at: 'comment' }, element, end, written: before };
      const name = found[0].startsWith('</') ? '' : found[0].slice(1);
      return { state: { at: 'tag' }, element: name, end, written: before + found[0] };
    }
    case 'comment': {
      const found = text.indexOf('-->', at);
      const end = found === -1 ? text.length : found + 3;
      return { state: found === -1 ? state : { at: 'text' }, element, end, written: '' };
    }
    case 'plain':
    case 'script':
    case 'style': {
      const found = find(new RegExp(`</${state.element}(?![A-Za-z0-9:-])`, 'gi'), text, at);
      return found ? until(found.index + found[0].length, { at: 'tag' }, '') : until(text.length, state);
    }
    case 'tag': {
      const found = find(/[^\s/]/g, text, at);
      if (!found) return until(text.length, state);
      if (found[0] === '>') return until(found.index + 1, contentOf(element), '');
      return until(found.index, { at: 'name', name: '' });
    }
    case 'name': {
      const end = find(/[\s=>/]/g, text, at + (state.name === '' ? 1 : 0))?.index ?? text.length;
      const name = state.name + text.slice(at, end);
      return until(
        Math.max(end, at),
        end === text.length ? { at: 'name', name } : { at: 'after-name', name },
      );
    }
    case 'after-name': {
      const found = find(/\S/g, text, at);
      if (!found) return until(text.length, state);
      return found[0] === '='
        ? until(found.index + 1, { at: 'before-value', name: state.name })
        : until(found.index, { at: 'tag' });
    }
    case 'before-value': {
      const found = find(/\S/g, text, at);
      if (!found) return until(text.length, state);
      const kind = attributeKind(state.name);
      if (found[0] === '>') return until(found.index, { at: 'tag' });
      const quote = found[0] === '"' || found[0] === "'" ? found[0] : '';
      return until(found.index + quote.length, {
        at: 'value',
        name: state.name,
        kind,
        quote,
        written: '',
      });
    }
    case 'value': {
      const end = find(state.quote === '' ? /[\s>]/g : new RegExp(state.quote, 'g'), text, at)?.index;
      if (end === undefined) {
        return until(text.length, { ...state, written: state.written + text.slice(at) });
      }
      return until(end + state.quote.length, { at: 'tag' });
    }
  }
}

/** A `<` of the template that begins no tag is text. */
function escapeLoose(text: string): string {
  return text.replace(/<(?!!doctype)/gi, '&lt;');
}

function find(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
