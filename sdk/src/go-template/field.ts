import { GoFunctionError } from './error.ts';
import { typeOf, type GoValue } from './value.ts';

/** A field of a struct or a key of a map. A key that is not there is empty, as Alertmanager wants it (`missingkey=zero`). */
export function fieldOf(base: GoValue, name: string): GoValue {
  if (base === null) throw new GoFunctionError(`there is no value to take ${name} from`);
  if (typeof base === 'object') {
    if (base.kind === 'map') return base.entries.has(name) ? base.entries.get(name)! : base.zero;
    if (base.kind === 'struct') {
      const value = base.fields.get(name);
      if (value !== undefined) return value;
    }
  }
  throw new GoFunctionError(`${typeOf(base)} has no field ${name}`);
}
