/** Where something stands in a template; line and column count from 1, in characters. */
export interface TemplatePlace {
  /** The file or the setting that holds the template. */
  readonly name: string;
  readonly line: number;
  readonly column: number;
}

/** A template that can't be read or rendered. The message names the place: `mail.tmpl:3:7: there is no function "foo"`. */
export class GoTemplateError extends Error {
  readonly code = 'GO_TEMPLATE';
  readonly place: TemplatePlace;
  readonly reason: string;

  constructor(place: TemplatePlace, reason: string) {
    super(`${place.name}:${place.line}:${place.column}: ${reason}`);
    this.name = 'GoTemplateError';
    this.place = place;
    this.reason = reason;
  }
}

/** What a function of a template refuses; the evaluator adds the place. */
export class GoFunctionError extends Error {}

/** Turns offsets into places; the lines are counted once. */
export function placesOf(source: string, name: string): (offset: number) => TemplatePlace {
  const starts = [0];
  for (let at = source.indexOf('\n'); at !== -1; at = source.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return { name, line: low + 1, column: offset - starts[low]! + 1 };
  };
}
