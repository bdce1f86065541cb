// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QStringList>

#include <vector>

namespace Rollcall::Presence {

/// Control characters become dots: what people wrote by hand into Redis must not steer a terminal.
QString printable(QString text);

/// Rows under a head, in columns as wide as what is in them.
class TextTable
{
public:
    explicit TextTable(QStringList head);

    void addRow(QStringList cells);
    /// Empty without rows. Cells are printable.
    QString text() const;

private:
    std::vector<QStringList> m_rows;
};

} // namespace Rollcall::Presence
