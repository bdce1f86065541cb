// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/rooms/roomquery.h"

#include "core/protocol/wireid.h"

#include <algorithm>

namespace Rollcall::Rooms {

namespace {

constexpr QByteArray::Base64Options kCursorEncoding =
    QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals;

/// Reads parameters and keeps the first problem.
class Parameters
{
public:
    explicit Parameters(const QUrlQuery &query)
        : m_query(query)
    { }

    std::optional<Error> error() const { return m_error; }

    std::optional<QByteArray> text(const char *name)
    {
        const QByteArray text = value(name).toUtf8();
        if (text.isEmpty())
            return std::nullopt;
        if (!isValidId(text))
            fail(name, ErrorCode::OutOfRange, "is too long or has control characters");
        return text;
    }
    std::optional<int> integer(const char *name, int min, int max)
    {
        const QString text = value(name);
        if (text.isEmpty())
            return std::nullopt;
        bool isNumber = false;
        const int number = text.toInt(&isNumber);
        if (!isNumber)
            fail(name, ErrorCode::BadRequest, "is not a whole number");
        else if (number < min || number > max)
            fail(name, ErrorCode::OutOfRange, "is out of range");
        return number;
    }
    std::optional<bool> boolean(const char *name)
    {
        const QString text = value(name);
        if (text.isEmpty())
            return std::nullopt;
        const bool isTrue = text == QLatin1String("true") || text == QLatin1String("1");
        if (!isTrue && text != QLatin1String("false") && text != QLatin1String("0"))
            fail(name, ErrorCode::BadRequest, "must be true or false");
        return isTrue;
    }
    void fail(const char *name, ErrorCode code, const char *why)
    {
        if (!m_error)
            m_error = Error{code, {}, QLatin1String(name) + QLatin1Char(' ') + QLatin1String(why)};
    }
    QString value(const char *name) const
    {
        return m_query.queryItemValue(QLatin1String(name), QUrl::FullyDecoded);
    }

private:
    const QUrlQuery &m_query;
    std::optional<Error> m_error;
};

/// Text that sorts as the numbers do, the largest first.
QByteArray descending(qint64 number)
{
    return QByteArray::number(std::numeric_limits<qint32>::max() - number).rightJustified(10, '0');
}

} // namespace

Result<RoomQuery> RoomQuery::parse(const QUrlQuery &urlQuery)
{
    Parameters parameters(urlQuery);
    RoomQuery query;
    query.region = parameters.text("region");
    query.theme = parameters.text("theme");
    constexpr int kMax = std::numeric_limits<int>::max();
    query.minOccupancy = parameters.integer("minOccupancy", 0, kMax);
    query.maxOccupancy = parameters.integer("maxOccupancy", 0, kMax);
    query.hasSpace = parameters.boolean("hasSpace");
    query.limit = parameters.integer("limit", 1, kMaxLimit).value_or(query.limit);
    if (const QByteArray name = parameters.value("kind").toUtf8(); !name.isEmpty()) {
        if (const auto kind = roomKindFromName(name))
            query.kind = *kind;
        else
            parameters.fail("kind", ErrorCode::BadRequest, "must be room, page or group");
    }
    const QString sort = parameters.value("sort");
    if (sort == QLatin1String("name"))
        query.sort = Sort::Name;
    else if (sort == QLatin1String("free"))
        query.sort = Sort::Free;
    else if (!sort.isEmpty() && sort != QLatin1String("occupancy"))
        parameters.fail("sort", ErrorCode::BadRequest, "must be occupancy, free or name");
    if (const QByteArray cursor = parameters.value("cursor").toLatin1(); !cursor.isEmpty()) {
        const auto decoded = QByteArray::fromBase64Encoding(
            cursor, QByteArray::Base64UrlEncoding | QByteArray::AbortOnBase64DecodingErrors);
        if (decoded && !(*decoded).isEmpty())
            query.after = *decoded;
        else
            parameters.fail("cursor", ErrorCode::BadRequest, "is not one of ours");
    }
    if (const auto error = parameters.error())
        return *error;
    return query;
}

QByteArray RoomQuery::cacheKey() const
{
    const auto number = [](std::optional<int> value) {
        return value ? QByteArray::number(*value) : QByteArray("-");
    };
    // No text of a parameter has control characters.
    return QByteArrayList{region.value_or(QByteArray()),
                          theme.value_or(QByteArray()),
                          number(minOccupancy),
                          number(maxOccupancy),
                          number(hasSpace),
                          number(int(kind)),
                          number(int(sort)),
                          number(limit),
                          after}
        .join('\n');
}

bool RoomQuery::accepts(const RoomStatus &room) const
{
    const RoomDefinition &definition = room.definition;
    const int shown = room.shownOccupancy();
    return !definition.isPrivate && definition.kind == kind
        && (!region || definition.region == *region) && (!theme || definition.theme == *theme)
        && (!minOccupancy || shown >= *minOccupancy) && (!maxOccupancy || shown <= *maxOccupancy)
        && (!hasSpace || *hasSpace != room.isFull());
}

QByteArray RoomQuery::sortKey(const RoomStatus &room) const
{
    switch (sort) {
    case Sort::Occupancy:
        return descending(room.shownOccupancy());
    case Sort::Free:
        return descending(room.freeSeats());
    case Sort::Name:
        return room.definition.name;
    }
    return {};
}

RoomQuery::Page RoomQuery::apply(const std::vector<RoomStatus> &rooms) const
{
    struct Entry
    {
        QByteArray key; // what is sorted by, then the id: unique
        const RoomStatus *room;
    };
    std::vector<Entry> entries;
    for (const RoomStatus &room : rooms) {
        if (!accepts(room))
            continue;
        QByteArray key = sortKey(room) + '\0' + room.definition.id.value();
        if (after.isEmpty() || key > after)
            entries.push_back({std::move(key), &room});
    }
    const auto isBefore = [](const Entry &a, const Entry &b) { return a.key < b.key; };
    const size_t count = std::min(entries.size(), size_t(limit));
    std::partial_sort(entries.begin(), entries.begin() + qsizetype(count), entries.end(), isBefore);
    Page page;
    for (size_t i = 0; i < count; ++i)
        page.rooms.push_back(entries[i].room);
    if (count < entries.size())
        page.nextCursor = entries[count - 1].key.toBase64(kCursorEncoding);
    return page;
}

} // namespace Rollcall::Rooms
