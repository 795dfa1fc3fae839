/** Extensions of certificates that limit what is below them. */
import 'reflect-metadata';
import { AsnConvert } from '@peculiar/asn1-schema';
import { GeneralName, GeneralSubtree, GeneralSubtrees, NameConstraints } from '@peculiar/asn1-x509';
import { Extension } from '@peculiar/x509';

type Name = ConstructorParameters<typeof GeneralName>[0];

const subtrees = (names: readonly Name[]): GeneralSubtrees =>
  new GeneralSubtrees(names.map((name) => new GeneralSubtree({ base: new GeneralName(name) })));

/** A critical name constraint. */
export const nameConstraints = ({
  permitted,
  excluded,
}: Readonly<{ permitted?: readonly Name[]; excluded?: readonly Name[] }>): Extension =>
  new Extension(
    '2.5.29.30',
    true,
    AsnConvert.serialize(
      new NameConstraints({
        ...(permitted && { permittedSubtrees: subtrees(permitted) }),
        ...(excluded && { excludedSubtrees: subtrees(excluded) }),
      }),
    ),
  );
