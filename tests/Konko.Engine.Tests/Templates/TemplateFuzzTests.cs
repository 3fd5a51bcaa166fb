using System.Diagnostics;
using System.Text;
using Konko.Engine.Templates;

namespace Konko.Engine.Tests.Templates;

/// <summary>
/// Mutated templates: whatever they say, they render, or end in one of the two exceptions, soon, and without allocating more than
/// their source, 64 MiB and what the conversation is worth.
/// </summary>
[Trait("Gate", "fuzz")]
public sealed class TemplateFuzzTests(ITestOutputHelper output)
{
    private const int Seed = 20260901;
    private const long Slack = 64L << 20;

    private static readonly string[] Fragments =
    [
        "{{", "}}", "{%", "%}", "{#", "#}", "{%-", "-%}", "{{-", "-}}", "{% raw %}", "{% endraw %}", "(", ")", "[", "]", "{", "}", "|", ".", ",", ":", "~", "*",
        "**", "//", "%", "-", "+", "==", "=", "<", " in ", " not ", " is ", " and ", " or ", " if ", " else ", "'", "\"", "\\", "\n", "0", "-1", "99999999999999999999",
        "1e308", "none", "true", "loop", "loop.index", "messages", "messages[0]", "tools", "tojson", "namespace()", "range(100000)", "[::-1]", "[1:]", "|list", "|length",
        "|join", "|tojson(indent=4)", "|map(attribute='role')", "|select", "|sort", "|string", "|int", ".items()", ".split()", ".replace('a', 'aaaaaaaa')", ".format(1)",
        " * 1000000", "{% for i in range(1000) %}", "{% for a in messages recursive %}", "{% endfor %}", "{% if x %}", "{% else %}", "{% endif %}", "{% set x = x ~ x %}",
        "{% macro f(a) %}{{ f(a) }}{% endmacro %}{{ f(1) }}", "{% break %}", "{% continue %}", "{% set ns.x = [ns.x, ns.x] %}", "{% call f() %}", "{% endcall %}", "\ud83d", "é", "\0",
    ];

    [Fact]
    public void ParseAndRender_CharactersMutated_NeitherCrashNorHang()
    {
        var random = new Random(Seed);
        Run(GateScale.Of(reduced: 500, whole: 10_000), _ => Mutate(random));
    }

    [Fact]
    public void ParseAndRender_GrammarMutated_NeitherCrashNorHang()
    {
        var mutator = new TemplateMutator([.. ReferenceTemplates.All.Select(static template => template.Source)], Seed);
        Run(GateScale.Of(reduced: 500, whole: 10_000), mutator.Mutate);
    }

    private void Run(int count, Func<int, string> mutate)
    {
        var random = new Random(Seed);
        int parsed = 0, rendered = 0, refused = 0;
        long most = 0;
        TimeSpan slowest = TimeSpan.Zero;
        for (int i = 0; i < count; i++)
        {
            string source = mutate(i);
            TemplateInput input = ReferenceTemplates.Input(ReferenceTemplates.Inputs[random.Next(ReferenceTemplates.Inputs.Count)].Input);
            long allocated = GC.GetAllocatedBytesForCurrentThread(), start = Stopwatch.GetTimestamp();
            try
            {
                ChatTemplate template = ChatTemplate.Parse(source);
                parsed++;
                _ = i % 4 == 0 ? template.Render(input) : template.RenderAsGiven(input);
                rendered++;
            }
            catch (Exception exception) when (exception is TemplateException or TemplateRaisedException)
            {
                refused++;
            }
            TimeSpan took = Stopwatch.GetElapsedTime(start);
            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
            long bound = Slack + (source.Length * sizeof(char)) + (InputSize.Of(input) * TemplateLimits.AllocatedPerInputByte);
            Assert.True(took < TimeSpan.FromSeconds(5) && allocated < bound, $"mutation {i} took {took} and {allocated >> 20} MiB:\n{source}");
            most = Math.Max(most, allocated);
            slowest = took > slowest ? took : slowest;
        }
        output.WriteLine($"{parsed} parsed, {rendered} rendered, {refused} refused, at most {most >> 20} MiB made, slowest {slowest.TotalMilliseconds:F0} ms");
        Assert.True(rendered > count / 20, $"{rendered} of {count} mutations rendered");
        Assert.True(refused > count / 20, $"{refused} of {count} mutations were refused");
    }

    private static string Mutate(Random random)
    {
        var source = new StringBuilder(ReferenceTemplates.All[random.Next(ReferenceTemplates.All.Count)].Source);
        for (int changes = 1 + random.Next(6); changes > 0; changes--)
        {
            int at = random.Next(source.Length + 1);
            int length = Math.Min(random.Next(1, 40), source.Length - at);
            switch (random.Next(6))
            {
                case 0:
                    source.Remove(at, length);
                    break;
                case 1:
                    source.Insert(at, Fragments[random.Next(Fragments.Length)]);
                    break;
                case 2:
                    source.Insert(random.Next(source.Length + 1), source.ToString(at, length));
                    break;
                case 3:
                    source.Remove(at, length).Insert(at, Fragments[random.Next(Fragments.Length)]);
                    break;
                case 4 when at < source.Length:
                    source[at] = (char)random.Next(1, 0x100);
                    break;
                default:
                    string other = ReferenceTemplates.All[random.Next(ReferenceTemplates.All.Count)].Source;
                    int from = random.Next(other.Length);
                    source.Insert(at, other.AsSpan(from, Math.Min(random.Next(400), other.Length - from)));
                    break;
            }
        }
        return source.ToString();
    }
}
