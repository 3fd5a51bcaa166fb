using System.CommandLine;
using Konko.Server.Configuration;

namespace Konko.Cli;

/// <summary>The command line's flags, made from the server's one table of settings.</summary>
internal sealed class SettingFlags
{
    private readonly List<(Setting Setting, Option<string[]> Option)> _flags = [];

    public SettingFlags(Command command)
    {
        foreach (Setting setting in Settings.All)
        {
            var option = new Option<string[]>(setting.Flag)
            {
                Description = setting.Description,
                HelpName = setting.ValueName,
                AllowMultipleArgumentsPerToken = false,
                Arity = setting.Kind switch
                {
                    SettingKind.Switch => ArgumentArity.ZeroOrOne,
                    SettingKind.Value => ArgumentArity.ExactlyOne,
                    _ => ArgumentArity.OneOrMore,
                },
            };
            command.Options.Add(option);
            _flags.Add((setting, option));
        }
    }

    /// <summary>The flags that were given.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Read(ParseResult result)
        => _flags
            .Where(flag => result.GetResult(flag.Option) is { Implicit: false })
            .ToDictionary(flag => flag.Setting.Name, flag => (IReadOnlyList<string>)Values(result, flag.Option), StringComparer.Ordinal);

    private static string[] Values(ParseResult result, Option<string[]> option)
        => result.GetValue(option) is { Length: > 0 } values ? values : ["true"];
}
