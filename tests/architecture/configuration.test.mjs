// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

/// docs/configuration.md ends with what the program says about its settings. With `--write` it is written anew.
const kDocument = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'docs', 'configuration.md');
const kMarker = '<!-- From here on: rollcall --print-config --format markdown -->\n\n';

function settings() {
    // Nothing of this machine: no variables, no file in the current folder.
    return execFileSync(resolve(process.env.ROLLCALL_BIN), ['--print-config', '--format', 'markdown'],
        { encoding: 'utf8', env: { PATH: process.env.PATH, ...sanitizerOptions() }, cwd: tmpdir() });
}

function sanitizerOptions() {
    return Object.fromEntries(Object.entries(process.env).filter(([name]) => /^[A-Z]+SAN_OPTIONS$/.test(name)));
}

const [introduction, documented] = readFileSync(kDocument, 'utf8').split(kMarker);

if (process.argv.includes('--write')) {
    writeFileSync(kDocument, introduction + kMarker + settings());
} else {
    test('docs/configuration.md lists exactly the settings there are, as they are', () => {
        const actual = settings();
        assert.match(actual, /^\| `ttl` \|/m, 'the program printed no settings');
        assert.equal(documented, actual, 'write it anew: see CONTRIBUTING.md');
    });
}
