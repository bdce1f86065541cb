// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "host/pluginlist.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace Rollcall {

namespace {

QLatin1String typeName(PluginDependency::Type type)
{
    return type == PluginDependency::Type::Required ? QLatin1String("required")
                                                    : QLatin1String("optional");
}

QStringList needsOf(const PluginMetaData &data)
{
    QStringList needs;
    for (const PluginDependency &dependency : data.dependencies) {
        QString text = dependency.name;
        if (!dependency.version.isNull())
            text += QLatin1Char(' ') + dependency.version.toString();
        if (dependency.type == PluginDependency::Type::Optional)
            text += QStringLiteral(" (optional)");
        needs.append(text);
    }
    return needs;
}

QStringList commandsOf(const PluginMetaData &data)
{
    QStringList names;
    for (const PluginCommand &command : data.commands)
        names.append(command.name);
    return names;
}

QString row(const char *title, const QString &text)
{
    return text.isEmpty() ? QString()
                          : QStringLiteral("  %1 %2\n").arg(QLatin1String(title), -10).arg(text);
}

} // namespace

QString pluginListText(const std::vector<const PluginSpec *> &specs)
{
    if (specs.empty())
        return QStringLiteral("No plugins.\n");
    const QString comma = QStringLiteral(", ");
    QString text;
    for (const PluginSpec *spec : specs) {
        const PluginMetaData &data = spec->metaData();
        text += QStringLiteral("%1 %2 [%3]\n")
                    .arg(spec->id(), data.version.toString(), pluginStateName(spec->state()));
        text += row("is", data.description);
        text += row("provides", data.provides.join(comma));
        text += row("needs", needsOf(data).join(comma));
        text += row("settings", data.configurationSections.join(comma));
        text += row("commands", commandsOf(data).join(comma));
        text += row("from",
                    QStringLiteral("%1 (%2)").arg(spec->path(), pluginOriginName(spec->origin())));
        text += row("because", spec->reason());
    }
    return text;
}

QString pluginListJson(const std::vector<const PluginSpec *> &specs)
{
    QJsonArray list;
    for (const PluginSpec *spec : specs) {
        const PluginMetaData &data = spec->metaData();
        QJsonArray dependencies;
        for (const PluginDependency &dependency : data.dependencies) {
            dependencies.append(
                QJsonObject{{QStringLiteral("name"), dependency.name},
                            {QStringLiteral("version"), dependency.version.toString()},
                            {QStringLiteral("type"), typeName(dependency.type)}});
        }
        list.append(
            QJsonObject{{QStringLiteral("id"), spec->id()},
                        {QStringLiteral("name"), data.name},
                        {QStringLiteral("version"), data.version.toString()},
                        {QStringLiteral("compatVersion"), data.compatVersion.toString()},
                        {QStringLiteral("description"), data.description},
                        {QStringLiteral("provides"), QJsonArray::fromStringList(data.provides)},
                        {QStringLiteral("dependencies"), dependencies},
                        {QStringLiteral("configurationSections"),
                         QJsonArray::fromStringList(data.configurationSections)},
                        {QStringLiteral("commands"), QJsonArray::fromStringList(commandsOf(data))},
                        {QStringLiteral("path"), spec->path()},
                        {QStringLiteral("origin"), pluginOriginName(spec->origin())},
                        {QStringLiteral("state"), pluginStateName(spec->state())},
                        {QStringLiteral("reason"), spec->reason()}});
    }
    return QString::fromUtf8(QJsonDocument(list).toJson());
}

} // namespace Rollcall
