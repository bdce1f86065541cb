// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { rules } from './rules.mjs';

const kRoot = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const kFolders = ['src', 'tests', 'resources', 'examples'];
const kText = /\.(h|cpp|m?js|qml|lua)$|^CMakeLists\.txt$/;

function* files(folder) {
    for (const entry of readdirSync(join(kRoot, folder), { withFileTypes: true })) {
        const path = `${folder}/${entry.name}`;
        if (entry.isDirectory() && entry.name !== 'node_modules')
            yield* files(path);
        else if (entry.isFile() && kText.test(entry.name))
            yield path;
    }
}

const kTree = readdirSync(kRoot).filter(folder => kFolders.includes(folder))
    .flatMap(folder => [...files(folder)]);

for (const [name, rule] of Object.entries(rules)) {
    test(`the tree keeps the rule ${name}`, () => {
        assert.ok(kTree.length > 20, 'the sources were not found');
        assert.deepEqual(kTree.flatMap(path => rule(path, readFileSync(join(kRoot, path), 'utf8'))), []);
    });
}

/// One offence per rule and kind: a rule that cannot fail protects nothing.
const kOffences = [
    ['dependencies', 'src/plugins/rooms/a.cpp', '#include "plugins/presence/tracker.h"\n'],
    ['dependencies', 'src/host/main.cpp', '#include "plugins/presence/tracker.h"\n'],
    ['dependencies', 'src/core/base/a.h', '#include "core/redis/redisclient.h"\n'],
    ['dependencies', 'src/core/protocol/a.h', '  #  include "core/services/httpservice.h"\n'],
    ['dependencies', 'src/core/edge/a.h', '#include "host/application.h"\n'],
    ['dependencies', 'src/client/a.h', '#include "core/services/httpservice.h"\n'],
    ['guardedLibraries', 'src/plugins/rooms/a.cpp', '#include <QHttpServer>\n'],
    ['guardedLibraries', 'src/host/a.cpp', '#include <QHttpServerResponse>\n'],
    ['guardedLibraries', 'src/plugins/realtime/a.cpp', '#include <QWebSocketServer>\n'],
    ['guardedLibraries', 'src/plugins/realtime/a.cpp', '#include <QWebSocket>\n'],
    ['guardedLibraries', 'src/plugins/presence/a.cpp', '#include <hiredis/hiredis.h>\n'],
    ['guardedLibraries', 'src/core/base/a.cpp', '#include <QGuiApplication>\n'],
    ['dependencies', 'src/bench/a.cpp', '#include "core/base/clock.h"\n'],
    ['guardedLibraries', 'src/bench/a.cpp', '#include <QString>\n'],
    ['guardedTargets', 'src/host/CMakeLists.txt', 'target_link_libraries(x PRIVATE Qt6::Gui)\n'],
    ['includePaths', 'src/core/base/a.cpp', '#include "../edge/edge.h"\n'],
    ['licenceHeaders', 'src/core/base/a.cpp', '#include <QString>\n'],
    ['licenceHeaders', 'resources/web/a.js', 'export {};\n'],
    ['includeGuards', 'src/core/base/a.h', 'class A;\n'],
    ['asciiSources', 'src/core/base/a.cpp', '// caf\u00e9\n'],
    ['rangeViews', 'src/core/base/a.cpp', 'for (int i : std::ranges::reverse_view(list))\n'],
    ['rangeViews', 'src/core/base/a.cpp', 'list | std::views::reverse;\n'],
    ['fileLengths', 'src/core/base/a.cpp', '\n'.repeat(401)],
    ['sleepingTests', 'tests/core/tst_a.cpp', 'QTest::qWait(100);\n'],
];

for (const [name, path, text] of kOffences) {
    test(`the rule ${name} finds ${JSON.stringify(text.slice(0, 60))} in ${path}`, () => {
        assert.equal(rules[name](path, text).length, 1);
    });
}

test('what the rules allow is left alone', () => {
    const header = '// SPDX-FileCopyrightText: 2026 The Rollcall contributors\n// SPDX-License-Identifier: MIT\n';
    const allowed = [
        ['src/plugins/rooms/a.cpp', '#include "plugins/rooms/a.h"\n#include "core/services/httpservice.h"\n'],
        ['src/plugins/rooms/b.cpp', '#include "a.moc"\n#include "join.lua.h"\n'],
        ['src/core/edge/a.cpp', '#include <QHttpServer>\n#include <QWebSocketServer>\n'],
        ['src/core/redis/a.cpp', '#include <hiredis/hiredis.h>\n'],
        ['src/client/a.cpp', '#include <QWebSocket>\n'],
        ['tests/core/redis/tst_a.cpp', '#include "support/testredis.h"\nQTest::qWait(100);\n'],
        ['tests/core/edge/tst_a.cpp', 'QTest::qWait(0);\n'],
    ];
    for (const [path, text] of allowed)
        assert.deepEqual(Object.values(rules).flatMap(rule => rule(path, header + text)), []);
});
