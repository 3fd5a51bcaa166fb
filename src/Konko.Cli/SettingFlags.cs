using System.CommandLine;
using Konko.Server.Configuration;

namespace Konko.Cli;

/// <summary>The command line's flags, made from the server's one table of settings.</summary>
internal sealed class SettingFlags
{
    private readonly List<(Setting Setting, Option Option, Func<ParseResult, string[]> Read)> _flags = [];

    public SettingFlags(Command command)
    {
        foreach (Setting setting in Settings.All)
        {
            (Option option, Func<ParseResult, string[]> read) = Create(setting);
            option.Description = setting.Description;
            option.HelpName = setting.ValueName;
            command.Options.Add(option);
            _flags.Add((setting, option, read));
        }
    }

    /// <summary>The flags that were given.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Read(ParseResult result)
        => _flags
            .Where(flag => result.GetResult(flag.Option) is { Implicit: false })
            .ToDictionary(flag => flag.Setting.Name, flag => (IReadOnlyList<string>)flag.Read(result), StringComparer.Ordinal);

    private static (Option Option, Func<ParseResult, string[]> Read) Create(Setting setting)
    {
        switch (setting.Kind)
        {
            case SettingKind.Switch:
                var on = new Option<bool>(setting.Flag);
                return (on, result => [result.GetValue(on) ? "true" : "false"]);
            case SettingKind.Value:
                var one = new Option<string>(setting.Flag);
                return (one, result => [result.GetRequiredValue(one)]);
            default:
                var many = new Option<string[]>(setting.Flag);
                return (many, result => result.GetRequiredValue(many));
        }
    }
}
