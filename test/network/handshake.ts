/** One handshake in a process of its own, with a server on loopback: `handshake.ts PORT NAME`. Prints its steps as JSON. */
import { network } from '../../engine/probe/network.ts';
import { endpointOf, probeOver } from './asking.ts';

const [port = '', serverName = ''] = process.argv.slice(2);
const endpoint = endpointOf({ port: Number(port) }, { serverName });
const { steps, sstp } = await probeOver(network(endpoint), endpoint).handshake('127.0.0.1', 'sstp');
process.stdout.write(`${JSON.stringify({ steps, sstp })}\n`);
