// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/base/endofturn.h"

#include <QAbstractEventDispatcher>
#include <QCoreApplication>
#include <QTest>
#include <QTimer>

using namespace Rollcall;

class tst_EndOfTurn : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void comesOncePerTurnBehindEverythingElse()
    {
        QStringList order;
        EndOfTurn end([&] { order += "end"; });
        const auto post = [&](const char *what, auto then) {
            QMetaObject::invokeMethod(
                this,
                [&order, what, then] {
                    order += what;
                    then();
                },
                Qt::QueuedConnection);
        };
        end.request();
        end.request();
        post("a", [&] { end.request(); });
        post("b", [] {});
        QCOMPARE(order, QStringList());
        QCoreApplication::sendPostedEvents();
        QCOMPARE(order, QStringList({"a", "b", "end"}));
        QCoreApplication::sendPostedEvents();
        QCOMPARE(order.size(), 3);
        end.request();
        QCoreApplication::sendPostedEvents();
        QCOMPARE(order.size(), 4);
    }
    void comesBeforeTheLoopIsAboutToWait()
    {
        QStringList order;
        EndOfTurn end([&] { order += "end"; });
        connect(QAbstractEventDispatcher::instance(), &QAbstractEventDispatcher::aboutToBlock, this,
                [&] {
                    if (order.size() == 1)
                        order += "wait";
                });
        QTimer::singleShot(10, this, [&] {
            order += "timer";
            end.request();
        });
        QTRY_VERIFY(order.contains("end"));
        QCOMPARE(order, QStringList({"timer", "end"}));
    }
    void mayBeAskedForAgainFromInside()
    {
        int calls = 0;
        EndOfTurn *again = nullptr;
        EndOfTurn end([&] {
            if (++calls < 3)
                again->request();
        });
        again = &end;
        end.request();
        QTRY_COMPARE(calls, 3);
    }
    void destroyingItTakesTheRequestBack()
    {
        int calls = 0;
        {
            EndOfTurn end([&] { ++calls; });
            end.request();
        }
        QCoreApplication::sendPostedEvents();
        QCOMPARE(calls, 0);
    }
};

QTEST_GUILESS_MAIN(tst_EndOfTurn)
#include "tst_endofturn.moc"
