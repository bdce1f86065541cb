// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/base/epolldispatcher.h"

#include "core/base/epolltimers_p.h"

#include <QCoreApplication>
#include <QSocketNotifier>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <vector>

#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace Rollcall {

namespace {

constexpr quint64 kWakeTag = ~quint64(0);
/// At most so many sockets have their turn before what they brought about is written: under load
/// Redis and the peers work meanwhile. epoll gives the others theirs in the next turn.
constexpr size_t kEventsPerTurn = 256;

} // namespace

struct EpollDispatcher::Private
{
    struct Descriptor
    {
        QSocketNotifier *notifiers[3] = {nullptr, nullptr, nullptr}; // by QSocketNotifier::Type
        uint32_t armed = 0; // what the kernel has been told
        uint32_t generation = 0; // tells a reused number from the one an event was for
        bool isDirty = false;

        bool isUnused() const { return !notifiers[0] && !notifiers[1] && !notifiers[2]; }
        uint32_t wanted() const
        {
            return (notifiers[QSocketNotifier::Read] ? EPOLLIN | EPOLLRDHUP : 0u)
                | (notifiers[QSocketNotifier::Write] ? EPOLLOUT : 0u)
                | (notifiers[QSocketNotifier::Exception] ? EPOLLPRI : 0u);
        }
    };

    int epoll = epoll_create1(EPOLL_CLOEXEC);
    int wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    std::vector<Descriptor> descriptors; // by number
    std::vector<int> dirty;
    std::vector<epoll_event> events = std::vector<epoll_event>(kEventsPerTurn);
    EpollTimers timers;
    std::atomic<bool> isWoken{false};
    std::atomic<bool> isSleeping{false};
    std::atomic<bool> isInterrupted{false};

    void markDirty(int number)
    {
        Descriptor &descriptor = descriptors[size_t(number)];
        if (!descriptor.isDirty) {
            descriptor.isDirty = true;
            dirty.push_back(number);
        }
    }
    void applyChanges();
    int wait(std::vector<epoll_event> &into, bool withSockets, int timeoutMs);
    bool dispatch(const epoll_event &event);
};

void EpollDispatcher::Private::applyChanges()
{
    for (const int number : dirty) {
        Descriptor &descriptor = descriptors[size_t(number)];
        descriptor.isDirty = false;
        const uint32_t wanted = descriptor.wanted();
        if (wanted == descriptor.armed)
            continue;
        epoll_event event{};
        event.events = wanted;
        event.data.u64 = quint64(descriptor.generation) << 32 | uint32_t(number);
        const int operation = !wanted ? EPOLL_CTL_DEL
            : descriptor.armed        ? EPOLL_CTL_MOD
                                      : EPOLL_CTL_ADD;
        if (epoll_ctl(epoll, operation, number, &event) < 0 && operation != EPOLL_CTL_DEL)
            qWarning("EpollDispatcher: descriptor %d cannot be watched: %s", number,
                     strerror(errno));
        descriptor.armed = wanted;
    }
    dirty.clear();
}

int EpollDispatcher::Private::wait(std::vector<epoll_event> &into, bool withSockets, int timeoutMs)
{
    // A wakeUp() either sees isSleeping and writes, or is seen here (both sequentially consistent).
    isSleeping.store(true);
    if (isWoken.load())
        timeoutMs = 0;
    int count = 0;
    if (withSockets) {
        count = epoll_wait(epoll, into.data(), int(into.size()), timeoutMs);
    } else {
        pollfd only{wake, POLLIN, 0};
        if (poll(&only, 1, timeoutMs) > 0) {
            into[0].data.u64 = kWakeTag;
            count = 1;
        }
    }
    isSleeping.store(false);
    return std::max(count, 0); // EINTR: nothing happened
}

bool EpollDispatcher::Private::dispatch(const epoll_event &event)
{
    const auto number = size_t(event.data.u64 & 0xffffffffu);
    const auto generation = uint32_t(event.data.u64 >> 32);
    uint32_t happened = event.events;
    if (happened & (EPOLLERR | EPOLLHUP))
        happened |= EPOLLIN | EPOLLOUT;
    if (happened & EPOLLRDHUP)
        happened |= EPOLLIN;

    struct Order
    {
        uint32_t bit;
        QSocketNotifier::Type type;
    };
    static constexpr Order kOrder[] = {{EPOLLPRI, QSocketNotifier::Exception},
                                       {EPOLLIN, QSocketNotifier::Read},
                                       {EPOLLOUT, QSocketNotifier::Write}};
    bool any = false;
    for (const Order &step : kOrder) {
        if (!(happened & step.bit))
            continue;
        // Looked up each time: a slot may have changed everything.
        const Descriptor &descriptor = descriptors[number];
        if (descriptor.generation != generation)
            break;
        if (QSocketNotifier *notifier = descriptor.notifiers[step.type]) {
            QEvent activation(QEvent::SockAct);
            QCoreApplication::sendEvent(notifier, &activation);
            any = true;
        }
    }
    return any;
}

EpollDispatcher::EpollDispatcher(QObject *parent)
    : QAbstractEventDispatcher(parent)
    , d(std::make_unique<Private>())
{
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = kWakeTag;
    if (d->epoll < 0 || d->wake < 0 || epoll_ctl(d->epoll, EPOLL_CTL_ADD, d->wake, &event) < 0)
        qFatal("EpollDispatcher: no descriptors left for epoll and eventfd: %s", strerror(errno));
}

EpollDispatcher::~EpollDispatcher()
{
    ::close(d->epoll);
    ::close(d->wake);
}

bool EpollDispatcher::processEvents(QEventLoop::ProcessEventsFlags flags)
{
    d->isInterrupted.store(false);
    d->isWoken.store(false); // before the posted events are looked at: later ones set it again
    Q_EMIT awake();
    QCoreApplication::sendPostedEvents();
    if (d->isInterrupted.load())
        return false;

    const bool withSockets = !(flags & QEventLoop::ExcludeSocketNotifiers);
    const bool withTimers = !(flags & QEventLoop::X11ExcludeTimers);
    bool canWait = flags & QEventLoop::WaitForMoreEvents;
    if (canWait) {
        Q_EMIT aboutToBlock(); // may write to sockets, post events, start timers
        canWait = !d->isInterrupted.load();
    }
    if (withSockets)
        d->applyChanges();
    const int timeoutMs = !canWait ? 0 : withTimers ? d->timers.timeoutMs() : -1;

    // Taken out while its events are delivered: a slot may run a nested event loop.
    std::vector<epoll_event> events = std::exchange(d->events, {});
    if (events.empty())
        events.resize(kEventsPerTurn);
    const int count = d->wait(events, withSockets, timeoutMs);
    if (canWait)
        Q_EMIT awake();

    bool any = false;
    for (int i = 0; i < count; ++i) {
        if (events[size_t(i)].data.u64 == kWakeTag) {
            quint64 value;
            [[maybe_unused]] const ssize_t got = ::read(d->wake, &value, sizeof value);
            any = true;
        } else if (d->dispatch(events[size_t(i)])) {
            any = true;
        }
    }
    d->events = std::move(events);

    if (withTimers && d->timers.activate())
        any = true;
    return any;
}

void EpollDispatcher::registerSocketNotifier(QSocketNotifier *notifier)
{
    const int number = int(notifier->socket());
    if (number < 0) {
        qWarning("EpollDispatcher: a notifier without a descriptor is ignored");
        return;
    }
    if (size_t(number) >= d->descriptors.size())
        d->descriptors.resize(size_t(number) * 2 + 64);
    QSocketNotifier *&place = d->descriptors[size_t(number)].notifiers[notifier->type()];
    if (place && place != notifier)
        qWarning("EpollDispatcher: a second notifier of type %d for descriptor %d",
                 int(notifier->type()), number);
    place = notifier;
    d->markDirty(number);
}

void EpollDispatcher::unregisterSocketNotifier(QSocketNotifier *notifier)
{
    const int number = int(notifier->socket());
    if (number < 0 || size_t(number) >= d->descriptors.size())
        return;
    Private::Descriptor &descriptor = d->descriptors[size_t(number)];
    if (descriptor.notifiers[notifier->type()] != notifier)
        return;
    descriptor.notifiers[notifier->type()] = nullptr;
    if (!descriptor.isUnused()) {
        d->markDirty(number);
        return;
    }
    if (descriptor.armed) {
        epoll_event ignored{};
        epoll_ctl(d->epoll, EPOLL_CTL_DEL, number, &ignored); // fails if it was closed before: fine
        descriptor.armed = 0;
    }
    ++descriptor.generation;
}

void EpollDispatcher::registerTimer(int id, qint64 intervalMs, Qt::TimerType type, QObject *object)
{
    d->timers.add(id, intervalMs, type, object);
}

bool EpollDispatcher::unregisterTimer(int id) { return d->timers.remove(id); }

bool EpollDispatcher::unregisterTimers(QObject *object) { return d->timers.removeAll(object); }

QList<QAbstractEventDispatcher::TimerInfo> EpollDispatcher::registeredTimers(QObject *object) const
{
    return d->timers.of(object);
}

int EpollDispatcher::remainingTime(int id) { return d->timers.remainingMs(id); }

void EpollDispatcher::wakeUp()
{
    if (d->isWoken.exchange(true) || !d->isSleeping.load())
        return;
    const quint64 one = 1;
    [[maybe_unused]] const ssize_t put = ::write(d->wake, &one, sizeof one);
}

void EpollDispatcher::interrupt()
{
    d->isInterrupted.store(true);
    wakeUp();
}

} // namespace Rollcall
