// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
// The ledger's part that looks back: what must have come, and what everybody must know in the end.
#include "soak/ledger.h"

#include <algorithm>

namespace Rollcall::Soak {

namespace {

constexpr Time kCrossing{2'000'000};
// Bytes on their way to a client that leaves.
constexpr Time kOnTheWay{1'000'000};
constexpr Time kReceiptDeadline{5'000'000};

struct Difference
{
    std::string text; ///< empty: there is none
    int user = kNobody;
};

Difference difference(const std::set<int> &is, const std::set<int> &mustBe)
{
    for (const int user : mustBe) {
        if (!is.contains(user))
            return {"lacks " + userName(user), user};
    }
    for (const int user : is) {
        if (!mustBe.contains(user))
            return {"shows " + userName(user), user};
    }
    return {};
}

} // namespace

/// The user's last stays, for whoever has to find out.
std::string Ledger::biography(int user, Time now) const
{
    std::string text = "\n    the stays of " + userName(user) + ':';
    const auto &stays = m_history.staysOf(user);
    const auto ms = [now](Time time) {
        return time == kNever ? std::string("never") : std::to_string((time - now).count() / 1000);
    };
    for (std::size_t i = stays.size() - std::min<std::size_t>(stays.size(), 4); i < stays.size();
         ++i) {
        const Stay &stay = m_history.stays()[stays[i]];
        text += "\n    " + roomName(stay.room) + " on node " + std::to_string(stay.node)
            + ", connection " + std::to_string(stay.connection) + ": asked " + ms(stay.joinSentAt)
            + ", in " + ms(stay.enteredAt) + ", out " + ms(stay.leftAt)
            + (stay.isLost ? " (lost)" : "")
            + (stay.isSlow() ? ", slow since " + ms(stay.slowSince) : "");
    }
    return text;
}

std::string Ledger::wrongView(const Stay &stay, Time now) const
{
    const std::set<int> &members = m_history.usersIn(stay.room);
    if (stay.occupancy != int(members.size()) && stay.mode != Mode::Full)
        return "was told of " + std::to_string(stay.occupancy) + " people, not "
            + std::to_string(members.size());
    if (stay.mode == Mode::Count)
        return {};
    std::set<int> mustBe;
    for (const int member : members) {
        if (!m_history.mayBeBlocked(stay.user, member, Time::max(), Time::max()))
            mustBe.insert(member);
    }
    const Difference wrong = difference(stay.view, mustBe);
    return wrong.text.empty() ? wrong.text : wrong.text + biography(wrong.user, now);
}

std::string Ledger::unsettled(const Lists &lists, Time now) const
{
    for (std::size_t node = 0; node < lists.size(); ++node) {
        for (int room = 0; room < m_history.rooms(); ++room) {
            const Difference wrong =
                difference(lists[node][std::size_t(room)], m_history.usersIn(room));
            if (!wrong.text.empty())
                return "node " + std::to_string(node) + " in its list of " + roomName(room) + ' '
                    + wrong.text + biography(wrong.user, now);
        }
    }
    for (int user = 0; user < int(m_people.size()); ++user) {
        if (roomOf(user) == kNobody)
            return userName(user) + " is in no room" + biography(user, now);
        const Stay &stay = m_history.stays()[person(user).receiving];
        const std::string who = userName(user) + " in " + roomName(stay.room) + ", node "
            + std::to_string(stay.node) + ", ";
        if (const std::string wrong = wrongView(stay, now); !wrong.empty())
            return who + wrong;
        for (const int other : m_history.usersIn(stay.room)) {
            const auto seen = stay.seen.find(other);
            const std::int64_t last = m_history.sequenceOf(other);
            const std::int64_t known = seen == stay.seen.end() ? 0 : seen->second.sequence;
            if (other != user && known != last
                && !m_history.mayBeBlocked(user, other, Time::max(), Time::max()))
                return who + "saw " + userName(other) + " at " + std::to_string(known)
                    + " last, not at " + std::to_string(last) + biography(other, now);
        }
    }
    return {};
}

void Ledger::judge()
{
    for (const Chat &chat : m_history.chats()) {
        const Stay &stay = m_history.stay(chat.stay);
        if (chat.receiptAt == kNever
            && (!stay.hasEnded() || stay.leftAt - chat.sentAt > kReceiptDeadline))
            report(stay.user,
                   "never got its own chat " + std::to_string(&chat - m_history.chats().data()),
                   chat.sentAt);
    }
    for (const Stay &stay : m_history.stays()) {
        if (stay.enteredAt != kNever)
            judgeStay(stay);
    }
}

void Ledger::judgeStay(const Stay &stay)
{
    std::vector<std::int64_t> got = stay.chats;
    std::sort(got.begin(), got.end());
    if (std::adjacent_find(got.begin(), got.end()) != got.end())
        report(stay.user,
               "chat " + std::to_string(*std::adjacent_find(got.begin(), got.end()))
                   + " came twice",
               stay.enteredAt);
    const auto &chats = m_history.chatsOf(stay.room);
    const auto first = std::lower_bound(
        chats.begin(), chats.end(), stay.enteredAt,
        [this](std::size_t number, Time time) { return m_history.chats()[number].sentAt < time; });
    for (auto number = first; number != chats.end(); ++number) {
        const Chat &chat = m_history.chats()[*number];
        if (stay.hasEnded() && chat.sentAt > stay.leftAt)
            break;
        const Stay &origin = m_history.stay(chat.stay);
        const Time crossing = origin.node == stay.node ? Time(0) : kCrossing;
        const bool isOwed = chat.receiptAt != kNever && origin.user != stay.user
            && chat.sentAt >= stay.enteredAt + crossing
            && (!stay.hasEnded() || chat.receiptAt + kOnTheWay + crossing <= stay.leftAt)
            && !m_history.mayBeBlocked(stay.user, origin.user, chat.sentAt - kCrossing,
                                       chat.receiptAt + kCrossing);
        if (!isOwed)
            continue;
        ++m_counts.owed;
        if (!std::binary_search(got.begin(), got.end(), std::int64_t(*number)))
            report(stay.user,
                   "never got chat " + std::to_string(*number) + " of " + userName(origin.user)
                       + ", who was on node " + std::to_string(origin.node) + "; itself on node "
                       + std::to_string(stay.node) + " in " + roomName(stay.room),
                   chat.sentAt);
    }
}

} // namespace Rollcall::Soak
