// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/presence/texttable.h"

#include <algorithm>

namespace Rollcall::Presence {

namespace {

constexpr qsizetype kWidest = 60;

} // namespace

QString printable(QString text)
{
    for (QChar &character : text) {
        if (!character.isPrint() && !character.isSurrogate())
            character = QLatin1Char('.');
    }
    return text;
}

TextTable::TextTable(QStringList head) { addRow(std::move(head)); }

void TextTable::addRow(QStringList cells)
{
    for (QString &cell : cells)
        cell = printable(cell.left(kWidest));
    m_rows.push_back(std::move(cells));
}

QString TextTable::text() const
{
    if (m_rows.size() < 2)
        return {};
    std::vector<qsizetype> widths(size_t(m_rows.front().size()));
    for (const QStringList &row : m_rows) {
        for (qsizetype i = 0; i < row.size() && i < qsizetype(widths.size()); ++i)
            widths[size_t(i)] = std::max(widths[size_t(i)], row[i].size());
    }
    QString out;
    for (const QStringList &row : m_rows) {
        QString line;
        for (qsizetype i = 0; i < row.size(); ++i)
            line += row[i].leftJustified(widths[size_t(i)] + 2);
        while (line.endsWith(QLatin1Char(' ')))
            line.chop(1);
        out += line + QLatin1Char('\n');
    }
    return out;
}

} // namespace Rollcall::Presence
