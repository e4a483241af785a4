/** A part of a name between separators. */
export interface Word {
  /** Without the number at its end: `prod` of `prod02`. */
  readonly text: string;
  readonly written: string;
  /** Where it begins in the text, and where it ends. */
  readonly start: number;
  readonly end: number;
  /** Whether it only says where or which one: a region, a number, a color of a blue-green pair. */
  readonly isQualifier: boolean;
}

const WORD = /[a-z0-9]+/g;
const NUMBERED = /^([a-z]+)[0-9]+$/;

/** Parts of the names of regions, as AWS, Azure and Google Cloud write them, and of the parts of the world. */
const PLACES = new Set(
  (
    'us eu ap ca sa me af cn uk de fr in jp br au il mx na apac emea amer latam asia europe global ' +
    'east west north south central northeast northwest southeast southwest ' +
    'weu neu eus wus cus scus ncus frc uks ukw sea gwc swn eastus westus centralus westeurope northeurope'
  ).split(' '),
);
/** Two compass points in one word, as in `northcentralus`, and a country before or after one, as in `uksouth` and `francecentral`. */
const AZURE_REGION =
  /^(?:(?:north|south|east|west|central)+(?:us|india|asia|europe)|(?:uk|france|germany|norway|sweden|switzerland|canada|brazil|japan|korea|australia|uae|india|italy|poland|spain|israel|qatar|mexico)(?:north|south|east|west|central)+)$/;
/** `euw1`, `use1`, `ue1`, `apse2`, `cac1`: continent, compass points, number. */
const SHORT_REGION =
  /^(?:us|u|eu|ew|ec|en|es|ap|an|as|ca|cc|sa|se|me|ms|af|fs)(?:n|s|e|w|c|ne|nw|se|sw|gw|ge)?[0-9]$/;
const NUMBER = /^(?:v?[0-9]+|blue|green)$/;

/** Splits a text in lower case at everything that is no letter or digit. */
export function splitWords(text: string): readonly Word[] {
  const words: Word[] = [];
  for (const { 0: written, index: start } of text.matchAll(WORD)) {
    const plain = NUMBERED.exec(written)?.[1] ?? written;
    words.push({
      text: plain,
      written,
      start,
      end: start + written.length,
      isQualifier: isQualifier(plain, written),
    });
  }
  return words;
}

function isQualifier(text: string, written: string): boolean {
  return PLACES.has(text) || NUMBER.test(written) || SHORT_REGION.test(written) || AZURE_REGION.test(text);
}

/** The words of a rule, in the form in which `hasPhraseAt` compares them. */
export function splitPhrase(text: string): readonly string[] {
  return text
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}

/** Whether the words of a phrase stand one after another from an index on, with or without a number at the end of each. */
export function hasPhraseAt(words: readonly Word[], from: number, phrase: readonly string[]): boolean {
  return phrase.every((text, index) => {
    const word = words[from + index];
    return word !== undefined && (text === word.text || text === word.written);
  });
}
