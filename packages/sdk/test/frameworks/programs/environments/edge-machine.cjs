const { readFileSync } = require('node:fs');
const { EdgeVM } = require('@edge-runtime/vm');

const machine = new EdgeVM();
machine.evaluate(readFileSync('edge-program.js', 'utf8'));
machine.evaluate(`callEverything(${process.argv[2]})`).then((wrong) => process.stdout.write(JSON.stringify(wrong)));
