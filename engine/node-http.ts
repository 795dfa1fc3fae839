import process from 'node:process';

/**
 * Node's own HTTP. An `import` of it reads every export, WebSocket among them, and so Node loads what browsers have of
 * networks, too: some 50 ms of processor.
 */
export default process.getBuiltinModule('node:http');
