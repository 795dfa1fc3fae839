/** The form of an inventory: its JSON Schema, and the types of what fits it. */

import { closed, described, listOf, published, type Schema, text } from '../../document/form.ts';
import { type Complaint, keysOf } from '../../document/places.ts';
import { complaintsBy } from '../../document/validate.ts';
import type { InputValue } from '../../model.ts';
import { inputNameForm } from '../../profile/inputs.ts';

export const TRANSPORTS = ['ssh', 'winrm', 'winrm+http', 'probe'] as const;

/** What can be said of one host, of a group, or of all. */
export type Settings = Readonly<{
  transport?: (typeof TRANSPORTS)[number];
  address?: string;
  port?: number;
  user?: string;
  site?: string;
  via?: string;
  hostKey?: string | readonly string[];
  caFile?: string;
  pin?: string;
  probe?: string;
  tags?: readonly string[];
  inputs?: Readonly<Record<string, InputValue>>;
}>;

/** Hosts by name or range: a list, or a map to what is said of them. */
export type Hosts = readonly string[] | Readonly<Record<string, Settings | null>>;
export type Group = Settings & Readonly<{ hosts?: Hosts; children?: readonly string[] }>;
export type Content = Readonly<{
  defaults?: Settings;
  sites?: Readonly<Record<string, Readonly<{ atATime: number }>>>;
  groups?: Readonly<Record<string, Group>>;
  hosts?: Hosts;
}>;

/** A word that holds no blank, no quote and nothing that a shell or a URI gives a meaning. */
const NAME = '[\\p{L}\\p{N}_][\\p{L}\\p{N}._-]*';
const HOST = '[A-Za-z0-9_][A-Za-z0-9._-]*|\\[?[0-9A-Fa-f:]*:[0-9A-Fa-f:.]+\\]?';
const shaped = (pattern: string, ...examples: readonly string[]): Schema => ({
  type: 'string',
  pattern: `^(?:${pattern})$`,
  examples,
});

const hostKey = shaped('(ssh|ecdsa|sk)-[a-z0-9@.-]+ [A-Za-z0-9+/]{32,}={0,3}( .*)?', 'ssh-ed25519 AAAAC3Nz…');
const oneOrMore = (one: Schema): Schema => ({
  allOf: [
    { if: { type: 'array' }, else: one },
    { if: { not: { type: 'array' } }, else: listOf(one) },
  ],
});

/** What a host may be called; parts in brackets count up, as in `vpn[01:20].corp`. */
const hostName = {
  pattern: '^(?:[\\p{L}\\p{N}._:-]|\\[[A-Za-z0-9]+:[A-Za-z0-9]+(?::\\d+)?\\])+$',
  description: 'a host: letters, digits, dots and hyphens, such as vpn01.corp or vpn[01:20].corp',
};

const settingsForm = {
  transport: described('how the server is asked; ssh when absent', { enum: TRANSPORTS }),
  address: described('name or IP address to connect to; the name of the host when absent', shaped(HOST, '10.0.0.5')),
  port: { type: 'integer', minimum: 1, maximum: 65_535 },
  user: described(
    'account on the server, such as admin or CORP\\admin',
    shaped('[^\\s\\p{Cc}:"\'@/]+(@[\\w.-]+)?', 'admin'),
  ),
  site: described('where the server is: connections to one site are limited together', shaped(NAME, 'tokyo')),
  via: described('jump host for ssh', shaped(`(?:[\\w.\\\\-]+@)?(?:${HOST})(?::\\d{1,5})?`, 'admin@bastion:22')),
  hostKey: described('the only host keys that ssh accepts, as in a .pub file', oneOrMore(hostKey)),
  caFile: described('PEM file of the only authorities trusted for TLS; relative to this file', text),
  pin: described(
    'SHA-256 of the only certificate accepted for TLS, in hexadecimal',
    shaped('[0-9A-Fa-f]{64}', 'ab12…'),
  ),
  probe: described(
    'where clients dial: the server is looked at from outside too',
    shaped(`(?:${HOST})(?::\\d{1,5})?`, 'vpn.example.com:443'),
  ),
  tags: listOf(shaped(NAME, 'production')),
  inputs: described('inputs of the profile; what is said closer to the host wins', {
    type: 'object',
    propertyNames: inputNameForm,
    additionalProperties: {
      type: ['string', 'number', 'boolean', 'array'],
      items: { type: 'string' },
    },
  }),
} as const;

/** JSON Schema of the name of a host, or of a range of them. */
export const hostSchema: Schema = { type: 'string', ...hostName, examples: ['vpn01.corp', 'vpn[01:20].corp'] };

/** JSON Schema of what is said of one host. */
export const settingsSchema: Schema = closed(settingsForm, []);

const hosts = described('names or ranges: a list, or a map to what is said of them', {
  allOf: [
    { if: { not: { type: 'array' } }, else: listOf(hostSchema) },
    {
      if: { type: 'array' },
      else: {
        type: 'object',
        propertyNames: hostName,
        additionalProperties: { if: { type: 'null' }, else: closed(settingsForm, []) },
      },
    },
  ],
});

/** JSON Schema (draft 2020-12) of an inventory. */
export const inventorySchema: Schema = published(
  'sstp-audit inventory',
  closed(
    {
      defaults: described('said of every host', settingsSchema),
      sites: {
        type: 'object',
        additionalProperties: closed({
          atATime: described('servers of this site that are asked at the same time', { type: 'integer', minimum: 1 }),
        }),
      },
      groups: {
        type: 'object',
        propertyNames: { pattern: `^${NAME}$`, description: 'a group: letters, digits, dots and hyphens' },
        additionalProperties: closed(
          {
            hosts,
            children: described('groups whose hosts belong to this group too', listOf(text)),
            ...settingsForm,
          },
          [],
        ),
      },
      hosts,
    },
    [],
  ),
);

const judge = complaintsBy(settingsSchema);

/** What of some settings fits their form, and what is wrong with the rest. */
export const parseSettings = (value: object): Readonly<{ settings: Settings; complaints: readonly Complaint[] }> => {
  const complaints = judge(value);
  return { settings: without(value, complaints) as Settings, complaints };
};

/** Content without the parts that complaints are about, so that the others can be judged; of a list, all of it. */
export const without = (content: unknown, complaints: readonly Complaint[]): unknown => {
  if (complaints.length === 0) return content;
  const rest = structuredClone(content);
  for (const { at } of complaints) remove(rest, keysOf(at));
  return rest;
};

const remove = (within: unknown, [key, ...deeper]: readonly string[]): void => {
  if (typeof within !== 'object' || within === null || key === undefined) return;
  const inner: unknown = Reflect.get(within, key);
  if (deeper.length === 0 || typeof inner !== 'object' || Array.isArray(inner)) Reflect.deleteProperty(within, key);
  else remove(inner, deeper);
};
