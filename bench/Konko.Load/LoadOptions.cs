using System.Globalization;

namespace Konko.Load;

/// <summary>What to ask for, how often, and of whom.</summary>
internal sealed record LoadOptions
{
    public const string Usage = """
        usage: Konko.Load [options]

          --url URL          the server's base URL (http://localhost:5080/v1)
          --key KEY          the key to show
          --model ID         the model (huggingfacetb/smollm2-135m-instruct)
          --clients N        closed loop: so many clients, each asking again when it has its answer (8)
          --rate R           open loop instead: so many new requests a second, whether or not the earlier ones have their answers
          --seconds S        how long new requests are made (30)
          --warm-up S        the same load before, not counted (5)
          --vanish P         the share of clients that go away in mid-stream (0)
          --prompt-words N   most words of a prompt; lengths vary below it (60)
          --max-tokens N     most tokens of an answer (64)
          --seed N           of everything that is drawn (1)
          --pid PID          the server's process here: its memory before and after
          --memory-slack M   most MiB by which that memory may have grown (64)
          --json             the report as JSON

        Exits with 1 if a stream that was not abandoned ended without [DONE], none ended in it, or the memory
        grew by more than the slack.
        """;

    public Uri Url { get; init; } = new("http://localhost:5080/v1");

    public string? Key { get; init; }

    public string Model { get; init; } = "huggingfacetb/smollm2-135m-instruct";

    public int Clients { get; init; } = 8;

    public double? Rate { get; init; }

    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(5);

    public double Vanish { get; init; }

    public int PromptWords { get; init; } = 60;

    public int MaxTokens { get; init; } = 64;

    public int Seed { get; init; } = 1;

    public int? Pid { get; init; }

    public int MemorySlackMiB { get; init; } = 64;

    public bool Json { get; init; }

    /// <summary>Reads the command line.</summary>
    /// <exception cref="FormatException">An unknown option, or a value that does not fit.</exception>
    public static LoadOptions Parse(string[] arguments)
    {
        LoadOptions options = new();
        for (int i = 0; i < arguments.Length; i++)
        {
            string name = arguments[i];
            string Value() => ++i < arguments.Length ? arguments[i] : throw new FormatException($"{name} needs a value.");
            options = name switch
            {
                "--url" => options with { Url = new Uri(Value().TrimEnd('/')) },
                "--key" => options with { Key = Value() },
                "--model" => options with { Model = Value() },
                "--clients" => options with { Clients = (int)Number(name, Value(), 1) },
                "--rate" => options with { Rate = Number(name, Value(), 1e-3) },
                "--seconds" => options with { Duration = TimeSpan.FromSeconds(Number(name, Value(), 0)) },
                "--warm-up" => options with { WarmUp = TimeSpan.FromSeconds(Number(name, Value(), 0)) },
                "--vanish" => options with { Vanish = Number(name, Value(), 0) },
                "--prompt-words" => options with { PromptWords = (int)Number(name, Value(), 1) },
                "--max-tokens" => options with { MaxTokens = (int)Number(name, Value(), 1) },
                "--seed" => options with { Seed = (int)Number(name, Value(), 0) },
                "--pid" => options with { Pid = (int)Number(name, Value(), 1) },
                "--memory-slack" => options with { MemorySlackMiB = (int)Number(name, Value(), 0) },
                "--json" => options with { Json = true },
                _ => throw new FormatException($"{name} is no option."),
            };
        }

        return options;
    }

    private static double Number(string name, string text, double least) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && number >= least
            ? number
            : throw new FormatException($"{name} must be a number of at least {least.ToString(CultureInfo.InvariantCulture)}, not '{text}'.");
}
