import type { Command } from 'commander';
import { doing, example, list, tags } from '../options.ts';

export const addInventory = (program: Command): void => {
  const inventory = program.command('inventory').description('work on inventories');
  inventory
    .command('list')
    .description('find every mistake in inventories, and list the servers that they name')
    .argument('<files...>', 'YAML, CSV, plain lists, or what ansible-inventory --list prints; - is standard input')
    .option('--limit <hosts>', 'these hosts and groups only: tokyo:!vpn03', list)
    .option('--tags <tags>', 'only hosts with one of these', tags, [])
    .option('--json', 'as JSON, with all that is known of each', false)
    .addHelpText(...example('sstp-audit inventory list fleet.yaml --limit tokyo:!vpn03'))
    .action(
      doing(async (_stop, files: string[], options) => {
        const { listServers } = await import('../inventory.ts');
        return listServers({ ...options, inventory: files });
      }),
    );
  inventory
    .command('schema')
    .description('print the JSON Schema of inventories, for editors')
    .addHelpText(...example('sstp-audit inventory schema > inventory.schema.json'))
    .action(
      doing(async () => {
        const { inventorySchema } = await import('../../fleet/inventory/form.ts');
        process.stdout.write(`${JSON.stringify(inventorySchema, undefined, 2)}\n`);
        return 0;
      }),
    );
};
