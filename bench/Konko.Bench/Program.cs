using Konko.Bench;
using Konko.Bench.Grammar;
using Konko.Bench.Kernels;
using Konko.Bench.Load;
using Konko.Bench.Machine;
using Konko.Bench.Scheduling;
using Konko.Load;

const string Usage = """
    usage: Konko.Bench kernels [options]    the engine's matrix products beside the machine's ceilings
           Konko.Bench ceilings [-t N,N]    the ceilings alone
           Konko.Bench load -m MODEL [-t N] [options of Konko.Load]
                                            the load generator's requests and arrivals, without HTTP between
           Konko.Bench encoder -m MODEL [-t N] [-e TEXTS] [-p TOKENS] [-b CALLERS] [-s STEP TOKENS] [-r ROUNDS] [--json]
                                            texts embedded in one request, and singly by several callers
           Konko.Bench scheduling echo|gaps|prefix|steps MODEL [THREADS [ROUNDS]]
                                            drafting, gaps between tokens, known prefixes, the cost of a step
           Konko.Bench grammar [--check] [--slow N] VOCABULARY
                                            schemas compiled, and the mask of every token of documents
           Konko.Bench tokenize [-r ROUNDS] [--least MB/s] -f TEXT VOCABULARY…
                                            text to tokens

    kernels
      --models NAMES    whose matrices: smollm2, tinyllama, mistral (smollm2)
      --types NAMES     how they are quantised (Q4_0,Q4_1,Q4_K,Q8_0)
      --tokens N,N      tokens of a step (1,2,4,8)
      -t, --threads N,N threads (1,2)
    """;

try
{
    return args switch
    {
        ["kernels", .. var rest] => KernelRun.Run(KernelChoice.Parse(rest)),
        ["ceilings", .. var rest] => Ceilings.Print(KernelChoice.Parse(rest).Threads),
        ["load", .. var rest] => await InProcessRun.RunAsync(rest),
        ["encoder", .. var rest] => await EncoderBench.RunAsync(EncoderOptions.Parse(rest)),
        ["scheduling", .. var rest] => await SchedulingBench.RunAsync(rest),
        ["grammar", ..] => GrammarBench.Run(args.AsSpan(1)),
        ["tokenize", ..] => TokenizerBench.Run(args.AsSpan(1)),
        ["--help" or "-h", ..] => Say(Usage),
        _ => throw new FormatException("What is to be measured?"),
    };
}
catch (Exception exception) when (exception is FormatException or UriFormatException)
{
    Console.Error.WriteLine(exception.Message);
    Console.Error.WriteLine(Usage);
    if (args is ["load", ..]) Console.Error.WriteLine(LoadOptions.Usage);
    return 2;
}

static int Say(string text)
{
    Console.WriteLine(text);
    return 0;
}
