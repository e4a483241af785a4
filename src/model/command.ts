import type { NamespaceNews } from './namespace.ts';
import type { Silence } from './silence.ts';

/** What a person or a tool asks of the state's owner. Answered after it is applied (design §2.4). */
export type Command = DeliveryCommand | IncidentCommand | NamespaceCommand | SilenceCommand;

/** About what waits for a person. */
export type DeliveryCommand =
  | { readonly kind: 'redrive_delivery'; readonly id: string }
  | { readonly kind: 'discard_delivery'; readonly id: string }
  /** The signal was parsed anew and appended; the quarantined row is settled. */
  | { readonly kind: 'settle_quarantine'; readonly id: string; readonly status: 'redriven' | 'discarded' };

/** `by` is who asks, as they say themselves. */
export type IncidentCommand = { readonly kind: 'incident'; readonly id: string; readonly by: string } & (
  | { readonly action: 'acknowledge' | 'resolve' | 'reopen' | 'close'; readonly note?: string }
  | { readonly action: 'assign'; readonly assignee: string }
  /** Its alerts become those of `into`, and it is closed. */
  | { readonly action: 'merge'; readonly into: string }
);

/** What a tool that makes, changes or deletes namespaces says about one. */
export type NamespaceCommand = { readonly kind: 'namespace'; readonly news: NamespaceNews };

/** What a person asks for; bounds and matchers were checked before. */
export type SilenceDraft = Omit<Silence, 'id' | 'updatedAt'>;

/** Silences and maintenance windows. */
export type SilenceCommand =
  | {
      readonly kind: 'put_silence';
      /** Of the silence that is changed; absent: a new one. */
      readonly id?: string;
      readonly newId: string;
      readonly draft: SilenceDraft;
    }
  | { readonly kind: 'expire_silence'; readonly id: string };

export type CommandResult =
  /** `id`: of what was made or changed, where the caller can't know it. */
  | { readonly ok: true; readonly id?: string }
  | { readonly ok: false; readonly code: 'not_found' | 'conflict' | 'unavailable'; readonly detail: string };
