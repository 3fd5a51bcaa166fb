using System.CommandLine;
using Konko.Cli.Running;

namespace Konko.Cli.Connection;

/// <summary>The flags by which every command that asks a server finds it.</summary>
internal sealed class ConnectionOptions
{
    private readonly Option<string?> _url = new("--url")
    {
        Description = "The server, such as http://localhost:5080 or any that speaks OpenAI's API. Default: KONKO_BASE_URL, else a Konko that runs on this machine, else one that this command starts for itself.",
        HelpName = "URL",
    };

    private readonly Option<string?> _apiKey = new("--api-key")
    {
        Description = "The key. Better is KONKO_API_KEY: flags can be read by everybody on this machine.",
        HelpName = "KEY",
    };

    private readonly Option<double?> _timeout = new("--timeout")
    {
        Description = "Longest wait for an answer to begin, and for one that comes whole. Default: 300, and 600 for a whole one.",
        HelpName = "SECONDS",
    };

    /// <summary>Adds the flags to a command.</summary>
    public ConnectionOptions(Command command)
    {
        command.Options.Add(_url);
        command.Options.Add(_apiKey);
        command.Options.Add(_timeout);
    }

    /// <summary>What was given.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="model">The model that was named: an id, or a GGUF file to be served for this command alone; null is none.</param>
    /// <exception cref="UsageException">A value is wrong.</exception>
    public ConnectionSettings Read(ParseResult result, string? model = null)
    {
        double? timeout = result.GetValue(_timeout);
        if (timeout is not null && !(timeout > 0 && timeout <= TimeSpan.FromDays(1).TotalSeconds)) throw new UsageException($"--timeout must be a number of seconds above 0, at most a day.");
        string? url = NonEmpty(result.GetValue(_url)) ?? Variable("KONKO_BASE_URL") ?? Variable("KONKO_API_BASE");
        if (url is not null && !(Uri.TryCreate(url, UriKind.Absolute, out Uri? absolute) && absolute.Scheme is "http" or "https"))
        {
            throw new UsageException($"{(NonEmpty(result.GetValue(_url)) is null ? "KONKO_BASE_URL" : "--url")} must be an http or https URL, not '{url}'.");
        }

        return new ConnectionSettings
        {
            Url = url is null ? null : new Uri(url),
            ApiKey = NonEmpty(result.GetValue(_apiKey)),
            Timeout = timeout is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            ModelFile = url is null && model is not null && model.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase) ? model : null,
        };
    }

    private static string? Variable(string name) => NonEmpty(Environment.GetEnvironmentVariable(name));

    private static string? NonEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
