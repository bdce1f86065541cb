// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/export.h"
#include "core/services/httpservice.h"

#include <QPointer>

#include <memory>
#include <vector>

namespace Rollcall {

/// Routes of the HttpService: patterns matched on raw path segments. See HttpService::route() for
/// the rules.
///
/// One empty segment at the end of a path or pattern ("/rooms/") says nothing and is cut.
class ROLLCALL_CORE_EXPORT HttpRouter
{
public:
    struct Route
    {
        QByteArray method;
        HttpAccess access = HttpAccess::Public;
        QPointer<QObject> context;
        HttpHandler handler;
        QByteArray name = {}; ///< method and pattern, "POST /rooms/join"; set by add()
    };
    struct Match
    {
        std::shared_ptr<const Route>
            route; // shared with the handler's run, which may remove the route
        QList<QByteArray> arguments;
        QList<QByteArray> allowed; ///< when there is no route: the methods that the path has
    };

    void add(const QByteArray &pattern, Route route);
    /// Of a route: method and pattern.
    static QByteArray nameOf(const QByteArray &method, const QByteArray &pattern)
    {
        return method + ' ' + pattern;
    }
    /// HEAD finds GET.
    Match find(const QByteArray &method, const QByteArray &path) const;

private:
    struct Pattern
    {
        QByteArray text;
        QList<QByteArray> segments;
        std::vector<bool> isArgument;
        bool takesRest = false;
        std::vector<std::shared_ptr<const Route>> routes;
    };
    static Pattern parse(const QByteArray &pattern);
    static bool matches(const Pattern &pattern, const QList<QByteArray> &segments,
                        QList<QByteArray> &arguments);
    static bool isMoreLiteral(const Pattern &a, const Pattern &b);
    bool find(const QByteArray &method, const QList<QByteArray> &segments, bool belowApi,
              Match &match) const;

    std::vector<Pattern> m_patterns; // the most literal first
};

} // namespace Rollcall
