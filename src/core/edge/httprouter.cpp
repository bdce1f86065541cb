// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/edge/httprouter.h"

#include <algorithm>

namespace Rollcall {

namespace {

constexpr QByteArrayView kApi = "api";

QList<QByteArray> split(const QByteArray &path)
{
    QList<QByteArray> segments = path.mid(1).split('/');
    if (segments.last().isEmpty())
        segments.removeLast();
    return segments;
}

} // namespace

HttpRouter::Pattern HttpRouter::parse(const QByteArray &pattern)
{
    Q_ASSERT(pattern.startsWith('/'));
    Pattern parsed;
    parsed.text = pattern;
    parsed.segments = split(pattern);
    for (const QByteArray &segment : std::as_const(parsed.segments)) {
        const bool isArgument = segment.startsWith('{') && segment.endsWith('}');
        parsed.isArgument.push_back(isArgument);
        parsed.takesRest = isArgument && segment.endsWith("...}");
    }
    return parsed;
}

bool HttpRouter::isMoreLiteral(const Pattern &a, const Pattern &b)
{
    const size_t common = std::min(a.isArgument.size(), b.isArgument.size());
    for (size_t i = 0; i < common; ++i) {
        if (a.isArgument[i] != b.isArgument[i])
            return b.isArgument[i];
        const bool aIsRest = a.takesRest && i + 1 == a.isArgument.size();
        const bool bIsRest = b.takesRest && i + 1 == b.isArgument.size();
        if (aIsRest != bIsRest)
            return bIsRest;
    }
    return a.isArgument.size() > b.isArgument.size();
}

void HttpRouter::add(const QByteArray &pattern, Route route)
{
    Pattern parsed = parse(pattern);
    route.name = nameOf(route.method, pattern);
    auto found = std::find_if(m_patterns.begin(), m_patterns.end(), [&](const Pattern &known) {
        return known.segments == parsed.segments;
    });
    if (found == m_patterns.end()) {
        const auto place =
            std::find_if(m_patterns.begin(), m_patterns.end(),
                         [&](const Pattern &known) { return isMoreLiteral(parsed, known); });
        found = m_patterns.insert(place, std::move(parsed));
    }
    auto &routes = found->routes;
    std::erase_if(routes, [](const auto &known) { return !known->context; });
    Q_ASSERT(std::none_of(routes.begin(), routes.end(),
                          [&](const auto &known) { return known->method == route.method; }));
    routes.push_back(std::make_shared<const Route>(std::move(route)));
}

bool HttpRouter::matches(const Pattern &pattern, const QList<QByteArray> &segments,
                         QList<QByteArray> &arguments)
{
    const qsizetype fixed = pattern.segments.size() - (pattern.takesRest ? 1 : 0);
    if (segments.size() < fixed || (!pattern.takesRest && segments.size() != fixed))
        return false;
    arguments.clear();
    for (qsizetype i = 0; i < fixed; ++i) {
        if (!pattern.isArgument[size_t(i)]) {
            if (segments[i] != pattern.segments[i])
                return false;
        } else if (segments[i].isEmpty()) {
            return false;
        } else {
            arguments.append(QByteArray::fromPercentEncoding(segments[i]));
        }
    }
    if (pattern.takesRest)
        arguments.append(QByteArray::fromPercentEncoding(segments.mid(fixed).join('/')));
    return true;
}

bool HttpRouter::find(const QByteArray &method, const QList<QByteArray> &segments, bool belowApi,
                      Match &match) const
{
    QList<QByteArray> arguments;
    for (const Pattern &pattern : m_patterns) {
        const bool isBelowApi = !pattern.segments.isEmpty() && pattern.segments.first() == kApi;
        if (isBelowApi != belowApi || !matches(pattern, segments, arguments))
            continue;
        for (const auto &route : pattern.routes) {
            if (!route->context)
                continue;
            if (route->method == method) {
                match.route = route;
                match.arguments = arguments;
                return true;
            }
            if (!match.allowed.contains(route->method))
                match.allowed.append(route->method);
        }
    }
    return false;
}

HttpRouter::Match HttpRouter::find(const QByteArray &method, const QByteArray &path) const
{
    Match match;
    if (!path.startsWith('/'))
        return match;
    const QByteArray wanted = method == "HEAD" ? QByteArray("GET") : method;
    const QList<QByteArray> segments = split(path);
    const bool isBelowApi = !segments.isEmpty() && segments.first() == kApi;
    if (!isBelowApi || !find(wanted, segments, true, match))
        find(wanted, isBelowApi ? segments.mid(1) : segments, false, match);
    return match;
}

} // namespace Rollcall
