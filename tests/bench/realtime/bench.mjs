// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

/// ./dev bench realtime: the built host beside the bare epoll server of rollcall-bench, in interleaved rounds of fresh
/// processes. Prints one table; docs/performance.md explains it.
import { cases } from './cases.mjs';
import { measure } from './measure.mjs';
import { parseArgs } from 'node:util';

const { values: options } = parseArgs({
    options: {
        bin: { type: 'string', default: 'build/release/bin' },
        rounds: { type: 'string', default: '3' },
        repeats: { type: 'string', default: '2' },
        only: { type: 'string' },
        quick: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
    },
});
if (options.help) {
    console.log('usage: ./dev bench realtime [--rounds 3] [--repeats 2] [--only TEXT] [--quick]\n'
        + '  --repeats  of a run during which the machine was busy elsewhere (> 0.15 core)\n'
        + '  --only   the cases whose name holds the text\n'
        + '  --quick  a tenth of the connections and a second each, to see that it works; the figures mean nothing');
    process.exit(0);
}

const rounds = options.quick ? 1 : Number(options.rounds);
const repeats = Number(options.repeats);
const chosen = cases(options.quick).filter(each => each.name.includes(options.only ?? ''));

function median(values) {
    const sorted = [...values].sort((a, b) => a - b);
    const middle = sorted.length >> 1;
    return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function spread(values) {
    return values.length < 2 || median(values) === 0 ? 0 : (Math.max(...values) - Math.min(...values)) / median(values);
}

const rows = [];
for (const each of chosen) {
    const ours = [];
    const theirs = [];
    for (let round = 1; round <= rounds; ++round) {
        process.stderr.write(`bench: ${each.name}, round ${round} of ${rounds}\n`);
        ours.push(await measure(options.bin, each.ours, repeats));
        theirs.push(await measure(options.bin, each.beside, repeats));
    }
    for (const line of each.lines) {
        const mine = ours.map(run => run[line.key]);
        const other = theirs.map(run => run[line.besideKey ?? line.key]);
        const value = median(mine);
        const limit = line.isAlone ? undefined : median(other);
        rows.push([
            each.name, line.what, value.toFixed(line.decimals ?? 2), limit === undefined ? '' : limit.toFixed(line.decimals ?? 2),
            limit === undefined ? '' : (value / limit).toFixed(2), line.target,
            line.holds(value, limit) ? 'yes' : 'NO', `${(100 * spread(mine)).toFixed(0)}%`,
            [ours, theirs].map(runs => median(runs.map(run => run.ownCpu)).toFixed(2)).join(' / '),
            median(ours.map(run => run.elsewhere)).toFixed(2),
        ]);
    }
}

const head = ['case', 'figure', 'Rollcall', 'beside', 'ratio', 'wanted', 'holds', 'spread', 'generator', 'busy elsewhere'];
for (const row of [head, head.map(() => '---'), ...rows])
    console.log(`| ${row.join(' | ')} |`);
