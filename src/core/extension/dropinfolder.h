// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/export.h"
#include "core/base/result.h"

#include <QObject>
#include <QString>
#include <QStringList>

class QSocketNotifier;

namespace Rollcall {

/// The folder that operators put plugins into while the host runs.
///
/// A file counts once whoever wrote it has closed it, or has moved it here; hidden names (what
/// rsync and editors write first) never. Nothing is taken from a folder or file that everybody may
/// write to.
class ROLLCALL_CORE_EXPORT DropInFolder : public QObject
{
    Q_OBJECT
public:
    explicit DropInFolder(const QString &path, QObject *parent = nullptr);
    ~DropInFolder() override;

    /// Watches from now on. Error: Configuration.
    Result<void> start();
    /// What is there already and may be taken.
    QStringList files() const;

    const QString &path() const { return m_path; }
    /// Error: Configuration, when everybody may write to it or it is not there.
    static Result<void> checkPermissions(const QString &path);

Q_SIGNALS:
    void fileReady(const QString &path);

private:
    void handleEvents();
    void handleFile(const QString &name);

    QString m_path;
    int m_descriptor = -1;
    QSocketNotifier *m_notifier = nullptr;
};

} // namespace Rollcall
