// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/edge/httprouter.h"

#include <QTest>

using namespace Rollcall;

class tst_HttpRouter : public QObject
{
    Q_OBJECT
    HttpRouter m_router;
    QObject m_context;
    QByteArray m_found;

    void add(const QByteArray &method, const QByteArray &pattern)
    {
        m_router.add(pattern,
                     {method, HttpAccess::Public, &m_context,
                      [this, name = method + ' ' + pattern](const HttpRequest &, HttpResponder) {
                          m_found = name;
                      }});
    }
    QByteArray find(const QByteArray &method, const QByteArray &path,
                    HttpRouter::Match *match = nullptr)
    {
        HttpRouter::Match found = m_router.find(method, path);
        m_found.clear();
        if (found.route)
            found.route->handler({}, HttpResponder({}));
        if (match)
            *match = found;
        return m_found;
    }

private Q_SLOTS:
    void initTestCase()
    {
        // The literal ones last, so that order of registration cannot be what decides.
        add("GET", "/{path...}");
        add("GET", "/rooms/{id}");
        add("PATCH", "/rooms/{id}");
        add("GET", "/rooms/{id}/members/{user}");
        add("GET", "/rooms/hottest");
        add("GET", "/rooms");
        add("POST", "/rooms/join");
        add("GET", "/api/presence/page/");
        add("GET", "/files/{path...}");
    }

    void paths_data()
    {
        QTest::addColumn<QByteArray>("request");
        QTest::addColumn<QByteArray>("found");
        QTest::addColumn<QList<QByteArray>>("arguments");
        const auto row = [](const QByteArray &request, const QByteArray &found,
                            const QList<QByteArray> &arguments = {}) {
            QTest::newRow(request) << request << found << arguments;
        };
        row("GET /rooms", "GET /rooms");
        row("GET /rooms/", "GET /rooms");
        row("HEAD /rooms", "GET /rooms");
        row("GET /rooms/hottest", "GET /rooms/hottest");
        row("GET /rooms/r1", "GET /rooms/{id}", {"r1"});
        row("GET /rooms/%2Fa%2Fb", "GET /rooms/{id}", {"/a/b"});
        row("GET /rooms/a%20b", "GET /rooms/{id}", {"a b"});
        row("PATCH /rooms/hottest", "PATCH /rooms/{id}", {"hottest"});
        row("GET /rooms/r1/members/u%252F", "GET /rooms/{id}/members/{user}", {"r1", "u%2F"});
        row("GET /api/rooms/r1", "GET /rooms/{id}", {"r1"});
        row("GET /api/presence/page/", "GET /api/presence/page/");
        row("GET /api/presence/page", "GET /api/presence/page/");
        row("GET /presence/page", "GET /{path...}", {"presence/page"});
        row("GET /files/a/b.js", "GET /files/{path...}", {"a/b.js"});
        row("GET /files/", "GET /files/{path...}", {""});
        row("GET /", "GET /{path...}", {""});
        row("GET /rooms/r1/x", "GET /{path...}", {"rooms/r1/x"});
        row("GET /rooms//", "GET /{path...}", {"rooms/"});
        row("POST /rooms", "");
        row("DELETE /nowhere", "");
    }
    void paths()
    {
        QFETCH(QByteArray, request);
        QFETCH(QByteArray, found);
        QFETCH(QList<QByteArray>, arguments);
        HttpRouter::Match match;
        QCOMPARE(find(request.split(' ')[0], request.split(' ')[1], &match), found);
        QCOMPARE(match.arguments, arguments);
    }

    void aKnownPathWithAnotherMethodNamesItsMethods()
    {
        HttpRouter::Match match;
        QCOMPARE(find("DELETE", "/rooms/r1", &match), QByteArray());
        QCOMPARE(QSet<QByteArray>(match.allowed.begin(), match.allowed.end()),
                 (QSet<QByteArray>{"GET", "PATCH"}));
    }

    void aRouteEndsWithItsContext()
    {
        HttpRouter router;
        auto context = std::make_unique<QObject>();
        router.add("/x", {"GET", HttpAccess::Public, context.get(), {}});
        QVERIFY(router.find("GET", "/x").route);
        context.reset();
        QVERIFY(!router.find("GET", "/x").route);
        QVERIFY(router.find("GET", "/x").allowed.isEmpty());
        router.add("/x", {"GET", HttpAccess::Public, &m_context, {}});
        QVERIFY(router.find("GET", "/x").route);
    }
};

QTEST_GUILESS_MAIN(tst_HttpRouter)
#include "tst_httprouter.moc"
