// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

/// The rules of the tree, each a function (path from the root, text) -> problems. ARCHITECTURE.md explains them.
const kMaximumLines = 400;

const isSource = path => /\.(h|cpp)$/.test(path);
/// Tests against a real redis-server include one of these.
const kRealRedis = /#include "(support\/testredis|redisnode|redisfixture|enginefixture|enginenode)\.h"/;
const isScript = path => /\.(m?js|qml|lua)$/.test(path);

/// What the files of a folder may include of the project, longest folder first.
const kMayInclude = [
    ['src/core/base/', ['core/base/', 'core/protocol/']],
    ['src/core/protocol/', ['core/base/', 'core/protocol/']],
    ['src/core/', ['core/']],
    ['src/host/', ['core/', 'host/']],
    ['src/bench/', ['bench/']],
    ['src/client/', ['core/base/', 'core/protocol/', 'client/']],
    ['src/gui/', ['core/base/', 'core/protocol/', 'client/', 'gui/']],
];

/// Libraries that only some folders may include, whatever their build files link.
const kGuarded = [
    { header: /^Q(Abstract)?HttpServer/, folders: ['src/core/edge/', 'tests/'] },
    { header: /^QWebSocketServer|^QWebSocketCorsAuthenticator/, folders: ['src/core/edge/', 'tests/'] },
    { header: /^QWebSocket/, folders: ['src/core/edge/', 'src/client/', 'tests/'] },
    { header: /^hiredis\//, folders: ['src/core/redis/', 'tests/'] },
    {
        header: /^Qt(Gui|Widgets|Qml|Quick)|^Q(Gui|Qml|Quick|Widget|Window|Image|Pixmap|Painter|Color|Font)/,
        folders: ['src/gui/', 'src/client/qml/', 'tests/gui/'],
    },
];

function includes(text) {
    return [...text.matchAll(/^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]/gm)]
        .map(([, quote, header]) => ({ header, isOwn: quote === '"' }));
}

const isGenerated = header => /\.moc$|^moc_|^ui_/.test(header);

export function dependencies(path, text) {
    const plugin = path.match(/^src\/plugins\/([^/]+)\//)?.[1];
    const allowed = plugin ? ['core/', `plugins/${plugin}/`]
        : kMayInclude.find(([folder]) => path.startsWith(folder))?.[1];
    if (!isSource(path) || !allowed)
        return [];
    return includes(text)
        .filter(({ header, isOwn }) => isOwn && header.includes('/') && !isGenerated(header))
        .filter(({ header }) => !allowed.some(folder => header.startsWith(folder)))
        .map(({ header }) => `${path} includes ${header}; allowed here: ${allowed.join(', ')}`);
}

export function guardedLibraries(path, text) {
    if (!isSource(path))
        return [];
    const offences = path.startsWith('src/bench/')
        ? includes(text).filter(({ header }) => /^Q[tA-Z]/.test(header)) : [];
    if (offences.length > 0)
        return offences.map(({ header }) => `${path} includes ${header}; the load generator has no Qt`);
    return includes(text).flatMap(({ header }) => kGuarded
        .filter(rule => rule.header.test(header) && !rule.folders.some(folder => path.startsWith(folder)))
        .slice(0, 1)
        .map(rule => `${path} includes ${header}; allowed only in ${rule.folders.join(', ')}`));
}

export function guardedTargets(path, text) {
    if (!/(^|\/)CMakeLists\.txt$/.test(path) || !path.startsWith('src/') || /^src\/(gui|client)\//.test(path))
        return [];
    return [...text.matchAll(/Qt6::(Gui|Widgets|Qml|Quick\w*)/g)].map(([target]) => `${path} links ${target}`);
}

export function includePaths(path, text) {
    if (!isSource(path))
        return [];
    return includes(text).filter(({ header }) => /^\.\.?\//.test(header))
        .map(({ header }) => `${path} includes ${header}; includes are spelled from src/`);
}

export function licenceHeaders(path, text) {
    if (!isSource(path) && !isScript(path))
        return [];
    const head = text.split('\n', 4).join('\n');
    const complete = head.includes('SPDX-FileCopyrightText: 2026 The Rollcall contributors')
        && head.includes('SPDX-License-Identifier: MIT');
    return complete ? [] : [`${path} does not begin with the SPDX lines`];
}

export function includeGuards(path, text) {
    return path.endsWith('.h') && !/^#pragma once$/m.test(text) ? [`${path} has no #pragma once`] : [];
}

export function asciiSources(path, text) {
    const line = isSource(path) ? text.split('\n').findIndex(each => /[^\x00-\x7f]/.test(each)) : -1;
    return line < 0 ? [] : [`${path}:${line + 1} is not ASCII`];
}

/// clang 14, which clang-tidy is, cannot compile the views of libstdc++ 12.
export function rangeViews(path, text) {
    return isSource(path) && /\bstd::(views::|ranges::\w+_view\b)/.test(text) ? [`${path} uses std::ranges views`] : [];
}

export function fileLengths(path, text) {
    const lines = text.split('\n').length - 1;
    return (isSource(path) || isScript(path)) && lines > kMaximumLines
        ? [`${path} has ${lines} lines, more than ${kMaximumLines}: two jobs in one?`] : [];
}

/// Real time in unit tests makes them slow and flaky: the manual clock and QTRY_* are for that. Only a real Redis,
/// whose clock nobody sets, may be waited for; qWait(0) lets events pass and waits for nothing.
export function sleepingTests(path, text) {
    if (!path.startsWith('tests/') || path.startsWith('tests/bench/') || !isSource(path) || kRealRedis.test(text))
        return [];
    return [...text.matchAll(/\b(QTest::q(Sleep|Wait)\((?!0\))|QThread::m?u?sleep\(|this_thread::sleep|usleep\()/g)]
        .map(([call]) => `${path} calls ${call})`);
}

export const rules = {
    dependencies, guardedLibraries, guardedTargets, includePaths, licenceHeaders, includeGuards, asciiSources,
    rangeViews, fileLengths, sleepingTests,
};
