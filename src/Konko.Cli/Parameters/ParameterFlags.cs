using System.CommandLine;
using System.Text.Json.Nodes;
using Konko.Cli.Running;

namespace Konko.Cli.Parameters;

/// <summary>The flags of a command for the parameters of its requests.</summary>
internal sealed class ParameterFlags
{
    private readonly List<(RequestParameter Parameter, Option Option, Func<ParseResult, string[]> Read)> _flags = [];

    private readonly Option<string[]> _any = new("--param")
    {
        Description = "Any other field of the request, its value JSON or text: --param ignore_eos=true. Repeatable.",
        HelpName = "NAME=VALUE",
    };

    /// <summary>Adds the flags to a command.</summary>
    public ParameterFlags(Command command, ParameterScope scope)
    {
        foreach (RequestParameter parameter in RequestParameters.All.Where(parameter => parameter.Scope.HasFlag(scope)))
        {
            (Option option, Func<ParseResult, string[]> read) = Create(parameter);
            option.Description = parameter.Description;
            option.HelpName = parameter.ValueName;
            if (parameter.Alias is not null) option.Aliases.Add(parameter.Alias);
            command.Options.Add(option);
            _flags.Add((parameter, option, read));
        }

        command.Options.Add(_any);
    }

    /// <summary>The fields of the request that were given.</summary>
    /// <exception cref="UsageException">A value is of the wrong kind.</exception>
    public JsonObject Read(ParseResult result)
    {
        var fields = new JsonObject();
        foreach ((RequestParameter parameter, Option option, Func<ParseResult, string[]> read) in _flags)
        {
            if (result.GetResult(option) is { Implicit: false }) fields[parameter.Name] = parameter.Parse(read(result), parameter.Flag);
        }

        foreach (string text in result.GetValue(_any) ?? [])
        {
            (string name, JsonNode? value) = RequestParameters.ParseAny(text);
            // How an answer is sent decides how it must be read.
            if (name is "stream" or "messages" or "prompt" or "model") throw new UsageException($"--param cannot set {name}.");
            fields[name] = value;
        }

        return fields;
    }

    private static (Option Option, Func<ParseResult, string[]> Read) Create(RequestParameter parameter)
    {
        switch (parameter.Kind)
        {
            case ParameterKind.Switch:
                var on = new Option<bool>(parameter.Flag);
                return (on, result => [result.GetValue(on) ? "true" : "false"]);
            case ParameterKind.Texts or ParameterKind.Biases:
                var many = new Option<string[]>(parameter.Flag);
                return (many, result => result.GetRequiredValue(many));
            default:
                var one = new Option<string>(parameter.Flag);
                return (one, result => [result.GetRequiredValue(one)]);
        }
    }
}
