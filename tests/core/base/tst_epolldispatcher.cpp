// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/base/epolldispatcher.h"

#include <QElapsedTimer>
#include <QProcess>
#include <QSignalSpy>
#include <QSocketNotifier>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>
#include <QThread>
#include <QTimer>

#include <algorithm>
#include <numeric>
#include <thread>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace Rollcall;

namespace {

/// Two connected stream sockets, closed at the end.
struct SocketPair
{
    SocketPair()
    {
        [[maybe_unused]] const int result =
            socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends);
    }
    ~SocketPair()
    {
        for (const int end : ends) {
            if (end >= 0)
                ::close(end);
        }
    }
    void write() const { QCOMPARE(::write(ends[1], "x", 1), 1); }
    char read() const
    {
        char c = 0;
        return ::read(ends[0], &c, 1) == 1 ? c : '\0';
    }
    int ends[2] = {-1, -1};
};

} // namespace

class tst_EpollDispatcher : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void isTheApplicationsDispatcher()
    {
        QVERIFY(qobject_cast<EpollDispatcher *>(QAbstractEventDispatcher::instance()));
    }

    void socketsTalkBothWays()
    {
        QTcpServer server;
        QVERIFY(server.listen(QHostAddress::LocalHost));
        QTcpSocket client;
        client.connectToHost(QHostAddress::LocalHost, server.serverPort());
        QTRY_VERIFY(server.hasPendingConnections());
        std::unique_ptr<QTcpSocket> peer(server.nextPendingConnection());
        const QByteArray sent(3'000'000,
                              'r'); // more than a socket buffer: the write notifier has to work
        QByteArray got;
        connect(&client, &QTcpSocket::readyRead, &client, [&] { got += client.readAll(); });
        peer->write(sent);
        QTRY_COMPARE(got.size(), sent.size());
        QSignalSpy gone(&client, &QTcpSocket::disconnected);
        peer->close();
        QTRY_COMPARE(gone.size(), 1);
    }

    void readerHearsTheHangUp()
    {
        SocketPair pair;
        QSocketNotifier notifier(pair.ends[0], QSocketNotifier::Read);
        QSignalSpy spy(&notifier, &QSocketNotifier::activated);
        connect(&notifier, &QSocketNotifier::activated, this, [&] { notifier.setEnabled(false); });
        ::close(std::exchange(pair.ends[1], -1));
        QTRY_COMPARE(spy.size(), 1);
    }

    void disabledNotifierIsSilentAndSpeaksAgain()
    {
        SocketPair pair;
        QSocketNotifier notifier(pair.ends[0], QSocketNotifier::Read);
        int reads = 0;
        connect(&notifier, &QSocketNotifier::activated, this, [&] { reads += pair.read() == 'x'; });
        notifier.setEnabled(false);
        pair.write();
        for (int i = 0; i < 10; ++i)
            QCoreApplication::processEvents();
        QCOMPARE(reads, 0);
        notifier.setEnabled(true);
        QTRY_COMPARE(reads, 1);
    }

    void notifierMayDieInTheSlotOfAnother()
    {
        // Both are ready in one epoll_wait; whoever comes first deletes the other.
        SocketPair first, second;
        auto a = std::make_unique<QSocketNotifier>(first.ends[0], QSocketNotifier::Read);
        auto b = std::make_unique<QSocketNotifier>(second.ends[0], QSocketNotifier::Read);
        int activations = 0;
        connect(a.get(), &QSocketNotifier::activated, this, [&] {
            ++activations;
            first.read();
            b.reset();
        });
        connect(b.get(), &QSocketNotifier::activated, this, [&] {
            ++activations;
            second.read();
            a.reset();
        });
        first.write();
        second.write();
        QTRY_VERIFY(activations > 0);
        for (int i = 0; i < 10; ++i)
            QCoreApplication::processEvents();
        QCOMPARE(activations, 1);
        QVERIFY(bool(a) != bool(b));
    }

    void reusedDescriptorNumberGetsNoOldEvents()
    {
        // Within one turn the slot closes the other ready descriptor and a new socket takes its
        // number.
        SocketPair first, second, third;
        std::unique_ptr<QSocketNotifier> notifiers[2];
        std::unique_ptr<QSocketNotifier> newcomer;
        int newcomerActivations = 0;
        const int numbers[2] = {first.ends[0], second.ends[0]};
        for (int i = 0; i < 2; ++i) {
            notifiers[i] = std::make_unique<QSocketNotifier>(numbers[i], QSocketNotifier::Read);
            connect(notifiers[i].get(), &QSocketNotifier::activated, this, [&, i] {
                (i == 0 ? first : second).read();
                if (newcomer)
                    return;
                const int other = numbers[1 - i];
                notifiers[1 - i].reset();
                QCOMPARE(::dup2(third.ends[0], other), other); // closes it and takes its number
                newcomer = std::make_unique<QSocketNotifier>(other, QSocketNotifier::Read);
                connect(newcomer.get(), &QSocketNotifier::activated, this, [&] {
                    ++newcomerActivations;
                    third.read();
                });
            });
        }
        first.write();
        second.write();
        QTRY_VERIFY(newcomer);
        for (int i = 0; i < 10; ++i)
            QCoreApplication::processEvents();
        QCOMPARE(newcomerActivations, 0);
        third.write();
        QTRY_COMPARE(newcomerActivations, 1);
    }

    void manyReadySocketsHaveTheirTurnOneAfterAnother()
    {
        constexpr size_t kMany = 400;
        std::vector<SocketPair> pairs(kMany);
        std::vector<std::unique_ptr<QSocketNotifier>> notifiers;
        std::vector<int> reads(kMany);
        for (size_t i = 0; i < kMany; ++i) {
            notifiers.push_back(
                std::make_unique<QSocketNotifier>(pairs[i].ends[0], QSocketNotifier::Read));
            // Not read: all stay ready all the time.
            connect(notifiers.back().get(), &QSocketNotifier::activated, this,
                    [&reads, i] { ++reads[i]; });
            pairs[i].write();
        }
        int turns = 0;
        while (std::ranges::count(reads, 0) > 0 && ++turns <= 10) {
            const int before = std::accumulate(reads.begin(), reads.end(), 0);
            QCoreApplication::processEvents();
            QVERIFY(std::accumulate(reads.begin(), reads.end(), 0) - before <= 256);
        }
        QVERIFY2(turns <= 3, QByteArray::number(turns)); // nobody twice before all had theirs
    }

    void slotMayRunANestedLoop()
    {
        SocketPair outer, inner;
        QSocketNotifier outerNotifier(outer.ends[0], QSocketNotifier::Read);
        QSocketNotifier innerNotifier(inner.ends[0], QSocketNotifier::Read);
        QByteArray order;
        connect(&innerNotifier, &QSocketNotifier::activated, this, [&] {
            inner.read();
            order += 'i';
        });
        connect(&outerNotifier, &QSocketNotifier::activated, this, [&] {
            outer.read();
            QEventLoop loop;
            connect(&innerNotifier, &QSocketNotifier::activated, &loop, &QEventLoop::quit);
            inner.write();
            loop.exec();
            order += 'o';
        });
        outer.write();
        QTRY_COMPARE(order, QByteArray("io"));
    }

    void timersFireInOrderAndNeverEarly()
    {
        QElapsedTimer elapsed;
        QByteArray order;
        qint64 at = -1;
        elapsed.start();
        QTimer::singleShot(40, Qt::PreciseTimer, this, [&] {
            order += 'b';
            at = elapsed.nsecsElapsed();
        });
        QTimer::singleShot(10, Qt::PreciseTimer, this, [&] { order += 'a'; });
        QTimer::singleShot(0, this, [&] { order += '0'; });
        QTRY_COMPARE(order, QByteArray("0ab"));
        QVERIFY2(at >= 40'000'000, qPrintable(QString::number(at)));
    }

    void zeroTimerDoesNotStarveSockets()
    {
        SocketPair pair;
        QTimer busy;
        int turns = 0;
        connect(&busy, &QTimer::timeout, this, [&] { ++turns; });
        busy.start(0);
        QSocketNotifier notifier(pair.ends[0], QSocketNotifier::Read);
        bool heard = false;
        connect(&notifier, &QSocketNotifier::activated, this, [&] { heard = pair.read() == 'x'; });
        pair.write();
        QTRY_VERIFY(heard && turns > 1);
    }

    void timerStoppedInItsSlotStaysStopped()
    {
        QTimer timer;
        int runs = 0;
        connect(&timer, &QTimer::timeout, this, [&] {
            ++runs;
            timer.stop();
        });
        timer.start(1);
        QTimer after;
        after.setSingleShot(true);
        after.start(30);
        QTRY_VERIFY(!after.isActive());
        QCOMPARE(runs, 1);
        QCOMPARE(timer.remainingTime(), -1);
    }

    void timerIsNotDeliveredAgainWithinItsOwnSlot()
    {
        QTimer timer;
        int depth = 0, deepest = 0, runs = 0;
        connect(&timer, &QTimer::timeout, this, [&] {
            deepest = std::max(deepest, ++depth);
            if (++runs == 1) {
                QEventLoop loop;
                QTimer::singleShot(20, &loop, &QEventLoop::quit);
                loop.exec();
            }
            --depth;
        });
        timer.start(1);
        QTRY_VERIFY(runs > 2);
        QCOMPARE(deepest, 1);
    }

    void otherThreadsWakeIt()
    {
        // Many times, so that posting and falling asleep meet.
        constexpr int kPosts = 20'000;
        int received = 0;
        std::thread poster([&] {
            for (int i = 0; i < kPosts; ++i)
                QMetaObject::invokeMethod(
                    this, [&] { ++received; }, Qt::QueuedConnection);
        });
        QElapsedTimer limit;
        limit.start();
        while (received < kPosts && limit.elapsed() < 20'000)
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents, 1000);
        poster.join();
        QCOMPARE(received, kPosts);
    }

    void otherThreadEndsALoopThatSleeps()
    {
        for (int i = 0; i < 200; ++i) {
            QEventLoop loop;
            std::thread other([&] {
                QMetaObject::invokeMethod(
                    &loop, [&] { loop.quit(); }, Qt::QueuedConnection);
            });
            loop.exec();
            other.join();
        }
    }

    void aboutToBlockComesInEveryWaitingTurn()
    {
        int blocks = 0;
        const auto connection =
            connect(QAbstractEventDispatcher::instance(), &QAbstractEventDispatcher::aboutToBlock,
                    this, [&] { ++blocks; });
        QTimer busy; // always something to do
        busy.start(0);
        for (int turn = 1; turn <= 3; ++turn) {
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
            QCOMPARE(blocks, turn);
        }
        disconnect(connection);
    }

    void eventPostedJustBeforeSleepingIsNotSleptOver()
    {
        QEventLoop loop;
        bool isLate = false;
        connect(
            QAbstractEventDispatcher::instance(), &QAbstractEventDispatcher::aboutToBlock, &loop,
            [&] { QMetaObject::invokeMethod(&loop, &QEventLoop::quit, Qt::QueuedConnection); },
            Qt::SingleShotConnection);
        QTimer::singleShot(5000, &loop, [&] {
            isLate = true;
            loop.quit();
        });
        loop.exec();
        QVERIFY(!isLate);
    }

    void excludedNotifiersWaitForTheNextTurn()
    {
        SocketPair pair;
        QSocketNotifier notifier(pair.ends[0], QSocketNotifier::Read);
        bool heard = false;
        connect(&notifier, &QSocketNotifier::activated, this, [&] { heard = pair.read() == 'x'; });
        pair.write();
        QCoreApplication::processEvents(QEventLoop::ExcludeSocketNotifiers);
        QVERIFY(!heard);
        QTRY_VERIFY(heard);
    }

    void childProcessesAreNoticed()
    {
        QProcess process;
        process.start(QStringLiteral("echo"), {QStringLiteral("here")});
        QSignalSpy finished(&process, &QProcess::finished);
        QTRY_COMPARE(finished.size(), 1);
        QCOMPARE(process.readAll(), QByteArray("here\n"));
    }
};

int main(int argc, char **argv)
{
    QCoreApplication::setEventDispatcher(new EpollDispatcher);
    QCoreApplication application(argc, argv);
    tst_EpollDispatcher test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_epolldispatcher.moc"
