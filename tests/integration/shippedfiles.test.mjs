// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { Process } from './harness.mjs';

const kFolder = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'resources', 'config');

for (const file of readdirSync(kFolder).filter(name => name.endsWith('.toml'))) {
    test(`resources/config/${file} is a valid configuration`, async () => {
        const program = new Process('rollcall', process.env.ROLLCALL_BIN,
            ['--check-config', '--config', join(kFolder, file)],
            { env: { PATH: process.env.PATH, ROLLCALL_AUTH_SECRET: 'a secret of at least thirty-two bytes' } });
        const { code } = await program.exited;
        assert.equal(code, 0, program.lines.join('\n'));
    });
}
