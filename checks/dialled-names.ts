/**
 * Names and addresses that clients dial, as an expectation. A URL, a port behind a name, or two names in one text would fail
 * on every server, as if the certificate were to blame. A wildcard is what certificates have: a binding of the name that
 * clients do dial would pass as one that they do not.
 */
export const dialledNames = {
  type: 'array',
  minItems: 1,
  items: {
    type: 'string',
    pattern: '^(?:[^\\s/@:,;、，*\\[\\]]+|\\[?[0-9A-Fa-f]*:[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*\\]?)$',
    examples: ['vpn.example.com', '203.0.113.7'],
  },
  description: 'names and addresses that clients dial',
} as const;
