#!/usr/bin/env node
// Starts the program of the package for this machine, which npm installed beside this one. Nothing is loaded or downloaded.
'use strict';
const { spawn } = require('child_process');
const { constants } = require('os');

const name = `@cmigrate/${process.platform}-${process.arch}`;
let program;
try {
  program = require.resolve(`${name}/bin/cmigrate`);
} catch (error) {
  console.error(`cmigrate: the package ${name} is not installed`);
  console.error('Install without --omit=optional. Where there is no such package, build cmigrate from its sources.');
  process.exit(127);
}

const child = spawn(program, process.argv.slice(2), { stdio: 'inherit' });
// An interrupted upgrade tells how far it came before it ends, so this waits for it. What a terminal sends, it has sent to both.
for (const signal of ['SIGINT', 'SIGQUIT']) process.on(signal, () => {});
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('error', (error) => {
  console.error(`cmigrate: cannot start ${program}: ${error.message}`);
  process.exit(126);
});
child.on('exit', (status, signal) => process.exit(signal ? 128 + constants.signals[signal] : status));
