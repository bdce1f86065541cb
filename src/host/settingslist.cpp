// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "host/settingslist.h"

#include "core/base/configuration.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace Rollcall {

namespace {

QString sectionOf(const Setting &setting) { return setting.name.section(QLatin1Char('.'), 0, 0); }
QString keyOf(const Setting &setting) { return setting.name.section(QLatin1Char('.'), 1); }

QString code(const QString &text)
{
    return text.isEmpty() ? QString() : QLatin1Char('`') + text + QLatin1Char('`');
}

/// A table's cell ends at a bar, also inside code.
QString cell(QString text)
{
    return text.replace(QLatin1Char('|'), QStringLiteral("\\|"))
        .replace(QLatin1Char('\n'), QLatin1Char(' '));
}

QString onReload(const Setting &setting)
{
    return setting.onReload == OnReload::Applied ? QStringLiteral("reload")
                                                 : QStringLiteral("restart");
}

} // namespace

QString settingsText(const Configuration &configuration)
{
    QString text;
    for (const Setting &setting : configuration.settings()) {
        text += QStringLiteral("%1 = %2  (%3").arg(setting.name, setting.value, setting.source);
        if (setting.value != setting.fallback)
            text += QStringLiteral("; default: %1").arg(setting.fallback);
        text += QStringLiteral(")\n");
    }
    return text;
}

QString settingsJson(const Configuration &configuration)
{
    QJsonArray list;
    for (const Setting &setting : configuration.settings()) {
        list.append(QJsonObject{
            {QStringLiteral("name"), setting.name},
            {QStringLiteral("type"), setting.type},
            {QStringLiteral("value"), setting.value},
            {QStringLiteral("default"), setting.fallback},
            {QStringLiteral("source"), setting.source},
            {QStringLiteral("environment"), QJsonArray::fromStringList(setting.environment)},
            {QStringLiteral("onReload"), onReload(setting)},
            {QStringLiteral("secret"), setting.secret},
            {QStringLiteral("help"), setting.help}});
    }
    return QString::fromUtf8(QJsonDocument(list).toJson());
}

QString settingsMarkdown(const Configuration &configuration)
{
    QString text;
    QString section;
    for (const Setting &setting : configuration.settings()) {
        if (sectionOf(setting) != section) {
            section = sectionOf(setting);
            text += QStringLiteral(
                        "%1## `[%2]`\n\n| key | type | default | environment | changes by | |\n"
                        "|---|---|---|---|---|---|\n")
                        .arg(text.isEmpty() ? QString() : QStringLiteral("\n"), section);
        }
        QStringList variables;
        for (const QString &name : setting.environment)
            variables.append(code(name));
        text +=
            QStringLiteral("| %1 | %2 | %3 | %4 | %5 | %6 |\n")
                .arg(code(keyOf(setting)), setting.type, cell(code(setting.fallback)),
                     variables.join(QStringLiteral(", ")), onReload(setting), cell(setting.help));
    }
    return text;
}

} // namespace Rollcall
