using System.Globalization;

namespace Konko.Load;

/// <summary>What to ask for, how often, and of whom.</summary>
internal sealed record LoadOptions
{
    public const string Usage = """
        usage: Konko.Load [options]

        whom
          --url URL          the server's base URL (http://localhost:5080/v1); any that speaks OpenAI's API
          --key KEY          the key to show
          --model ID         the model (huggingfacetb/smollm2-135m-instruct)
        how often
          --clients N        closed loop: so many clients, each asking again when it has its answer (8)
          --rate R           open loop instead: so many new requests a second, whether or not the earlier ones have their answers
          --arrivals HOW     of an open loop: poisson or fixed (poisson)
          --seconds S        how long new requests are made (30)
          --requests N       instead: so many requests, however long they take
          --warm-up S        the same load before, not counted (5)
          --warm-up-requests N   instead: so many requests before
        what
          --prompt-words N   most words of a prompt; lengths vary below it (60)
          --max-tokens N     most tokens of an answer (64)
          --exact            every prompt and answer is as long as that (sends ignore_eos)
          --vanish P         the share of clients that go away in mid-stream (0)
          --seed N           of everything that is drawn (1)
        beside it, reported apart: an open loop of other requests
          --beside-rate R    so many a second
          --beside-words N   words of their prompts (400)
          --beside-tokens N  tokens of their answers (1)
        what counts as good
          --slo-first MS     to the first token
          --slo-token MS     of a token after it, the request's mean
          --slo-total MS     to the end
        how it is told
          --timeout S        a request that takes longer has failed (300)
          --pid PID          the server's process here: its memory before and after
          --memory-slack M   most MiB by which that memory may have grown (64)
          --json             the report as JSON

        Times count from when a request was due, also where the load or a full server sent it late.
        Exits with 1 if a stream that was not abandoned ended without [DONE], none ended in it, or the memory
        grew by more than the slack.
        """;

    public Uri Url { get; init; } = new("http://localhost:5080/v1");

    public string? Key { get; init; }

    public string Model { get; init; } = "huggingfacetb/smollm2-135m-instruct";

    public int Clients { get; init; } = 8;

    public double? Rate { get; init; }

    public ArrivalPattern Pattern { get; init; }

    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(30);

    public int? Requests { get; init; }

    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(5);

    public int? WarmUpRequests { get; init; }

    /// <summary>What is asked.</summary>
    public RequestShape Shape { get; init; } = new();

    public double? BesideRate { get; init; }

    /// <summary>What is asked beside it.</summary>
    public RequestShape BesideShape { get; init; } = new() { PromptWords = 400, MaxTokens = 1, Exact = true };

    public Slo Slo { get; init; } = new(null, null, null);

    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(5);

    public int? Pid { get; init; }

    public int MemorySlackMiB { get; init; } = 64;

    public bool Json { get; init; }

    /// <summary>Reads the command line.</summary>
    /// <exception cref="FormatException">An unknown option, or a value that does not fit.</exception>
    public static LoadOptions Parse(IReadOnlyList<string> arguments)
    {
        LoadOptions options = new();
        for (int i = 0; i < arguments.Count; i++)
        {
            string name = arguments[i];
            string Value() => ++i < arguments.Count ? arguments[i] : throw new FormatException($"{name} needs a value.");
            double Number(double least) => LoadOptions.Number(name, Value(), least);
            TimeSpan Seconds() => TimeSpan.FromSeconds(Number(0));
            TimeSpan Milliseconds() => TimeSpan.FromMilliseconds(Number(0));
            options = name switch
            {
                "--url" => options with { Url = new Uri(Value().TrimEnd('/')) },
                "--key" => options with { Key = Value() },
                "--model" => options with { Model = Value() },
                "--clients" => options with { Clients = (int)Number(1) },
                "--rate" => options with { Rate = Number(1e-3) },
                "--arrivals" => options with { Pattern = Value() switch { "poisson" => ArrivalPattern.Poisson, "fixed" => ArrivalPattern.Fixed, var how => throw new FormatException($"{name} must be poisson or fixed, not '{how}'.") } },
                "--seconds" => options with { Duration = Seconds() },
                "--requests" => options with { Requests = (int)Number(1) },
                "--warm-up" => options with { WarmUp = Seconds() },
                "--warm-up-requests" => options with { WarmUpRequests = (int)Number(1) },
                "--vanish" => options with { Shape = options.Shape with { Vanish = Number(0) } },
                "--prompt-words" => options with { Shape = options.Shape with { PromptWords = (int)Number(1) } },
                "--max-tokens" => options with { Shape = options.Shape with { MaxTokens = (int)Number(1) } },
                "--exact" => options with { Shape = options.Shape with { Exact = true } },
                "--seed" => options with { Shape = options.Shape with { Seed = (int)Number(0) } },
                "--beside-rate" => options with { BesideRate = Number(1e-3) },
                "--beside-words" => options with { BesideShape = options.BesideShape with { PromptWords = (int)Number(1) } },
                "--beside-tokens" => options with { BesideShape = options.BesideShape with { MaxTokens = (int)Number(1) } },
                "--slo-first" => options with { Slo = options.Slo with { FirstToken = Milliseconds() } },
                "--slo-token" => options with { Slo = options.Slo with { PerToken = Milliseconds() } },
                "--slo-total" => options with { Slo = options.Slo with { Total = Milliseconds() } },
                "--timeout" => options with { Timeout = Seconds() },
                "--pid" => options with { Pid = (int)Number(1) },
                "--memory-slack" => options with { MemorySlackMiB = (int)Number(0) },
                "--json" => options with { Json = true },
                _ => throw new FormatException($"{name} is no option."),
            };
        }

        return options with { BesideShape = options.BesideShape with { Seed = options.Shape.Seed } };
    }

    private static double Number(string name, string text, double least) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && number >= least
            ? number
            : throw new FormatException($"{name} must be a number of at least {least.ToString(CultureInfo.InvariantCulture)}, not '{text}'.");
}
