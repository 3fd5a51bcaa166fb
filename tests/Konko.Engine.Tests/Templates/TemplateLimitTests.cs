using System.Diagnostics;
using Konko.Engine.Templates;
using Konko.Engine.Templates.Values;

namespace Konko.Engine.Tests.Templates;

/// <summary>Hostile templates end in an error: no hang, no stack overflow, no huge allocation.</summary>
public sealed class TemplateLimitTests
{
    private const long MaxAllocatedBytes = 64L << 20;
    private const int StackBytes = 256 << 10;

    public static TheoryData<string> Hostile =>
    [
        "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}",
        "{% for a in range(100000) %}{% for b in range(100000) %}{{ a }}{% endfor %}{% endfor %}",
        "{% macro f(n) %}{{ f(n + 1) }}{% endmacro %}{{ f(0) }}",
        "{% macro f() %}{{ caller() }}{% call f() %}{{ caller() }}{% endcall %}{% endmacro %}{% call f() %}{% endcall %}",
        "{% for x in [[1]] recursive %}{{ loop([[1]]) }}{% endfor %}",
        "{{ 'x' * 1000000000 }}",
        "{{ 'x' * 99999999999999999999 }}",
        "{{ [1] * 1000000000 }}",
        "{{ '' * 99999999999999 }}{{ [] * 99999999999999 }}{{ range(99999999999) }}",
        "{% set ns = namespace(s='x') %}{% for i in range(100) %}{% set ns.s = ns.s + ns.s %}{% endfor %}",
        "{% set ns = namespace(s=[1]) %}{% for i in range(100) %}{% set ns.s = ns.s + ns.s %}{% endfor %}",
        "{% set ns = namespace(s=[1]) %}{% for i in range(100) %}{% set ns.s = [ns.s, ns.s] %}{% endfor %}{{ ns.s }}",
        "{% set ns = namespace(s=[1]) %}{% for i in range(100) %}{% set ns.s = [ns.s, ns.s] %}{% endfor %}{{ ns.s | tojson }}",
        "{% set ns = namespace(s=[1], t=[1]) %}{% for i in range(100) %}{% set ns.s = [ns.s, ns.s] %}{% set ns.t = [ns.t, ns.t] %}{% endfor %}{{ ns.s == ns.t }}",
        "{% set ns = namespace(s=[1], t=[1]) %}{% for i in range(100) %}{% set ns.s = [ns.s, ns.s] %}{% set ns.t = [ns.t, ns.t] %}{% endfor %}{{ ns.s < ns.t }}",
        "{% set ns = namespace(s=[1]) %}{% for i in range(100000) %}{% set ns.s = [ns.s] %}{% endfor %}{{ ns.s }}",
        "{% set ns = namespace(s={}) %}{% for i in range(100000) %}{% set ns.s = {'a': ns.s} %}{% endfor %}{{ ns.s | tojson(indent=2) }}",
        "{% set big = 'x' * 1000000 %}{{ big.replace('x', big) }}",
        "{% set big = 'x' * 1000000 %}{{ big | replace('', big) }}",
        "{% set big = 'x' * 1000000 %}{{ big.join(big) }}",
        "{% set big = 'x' * 10000000 %}{{ big | list | join(big) }}",
        "{{ 'x' | center(1000000000) }}",
        "{{ 'x'.ljust(99999999999999999999) }}",
        "{{ 'x'.zfill(1000000000) }}",
        "{{ 'a\tb'.expandtabs(1000000000) }}",
        "{{ '%999999999d' % 5 }}",
        "{{ '%.999999999f' % 5 }}",
        "{{ '{:999999999}'.format(5) }}",
        "{{ 'a\nb' | indent(1000000000) }}",
        "{{ [1] | tojson(indent=1000000000) }}",
        "{{ [1] | batch(1000000000, 0) | list }}",
        "{{ [1] | slice(1000000000) | list }}",
        "{{ 10 ** (10 ** 10) }}",
        "{{ 2 ** 5000 }}",
        "{{ 1.5 ** 999999999999 }}",
        "{% set ns = namespace(n=3) %}{% for i in range(100) %}{% set ns.n = ns.n * ns.n %}{% endfor %}{{ ns.n }}",
        "{{ [[1, 2] | map('string'), range(100000) | list] | sum(start=[]) }}",
    ];

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Render_HostileTemplate_FailsSoonWithoutMuchMemory(string source)
    {
        ChatTemplate template = ChatTemplate.Parse(source);
        var watch = Stopwatch.StartNew();
        // Of this thread alone: other tests run beside it.
        long before = GC.GetAllocatedBytesForCurrentThread();
        TemplateException failure = Assert.Throws<TemplateException>(() => template.RenderAsGiven(NoMessages));
        Assert.True(failure.Line > 0);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), watch.Elapsed.ToString());
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < MaxAllocatedBytes);
    }

    public static TheoryData<string, int> Nesting => new()
    {
        { "(", 20_000 },
        { "[", 20_000 },
        { "{1:", 20_000 },
        { "-", 20_000 },
        { "not ", 20_000 },
        { "a if b else ", 20_000 },
        { "f(", 20_000 },
        { "a[", 20_000 },
        { "a|f(", 20_000 },
    };

    [Theory]
    [MemberData(nameof(Nesting))]
    public void Parse_DeepExpression_Fails(string opening, int count)
    {
        string source = "{{ " + string.Concat(Enumerable.Repeat(opening, count)) + " }}";
        Assert.Throws<TemplateException>(() => ChatTemplate.Parse(source));
    }

    [Theory]
    [InlineData("{% if a %}")]
    [InlineData("{% for a in b %}")]
    [InlineData("{% set a %}")]
    [InlineData("{% macro a() %}")]
    [InlineData("{% call a() %}")]
    [InlineData("{% filter a %}")]
    [InlineData("{% with %}")]
    [InlineData("{% set ((((((((((")]
    public void Parse_DeepBlocks_Fails(string opening)
    {
        string source = string.Concat(Enumerable.Repeat(opening, 10_000));
        Assert.Throws<TemplateException>(() => ChatTemplate.Parse(source));
    }

    [Theory]
    [InlineData("1", " + 1")]
    [InlineData("a", ".a")]
    [InlineData("a", "[0]")]
    [InlineData("1", " | int")]
    [InlineData("1", " or 1")]
    [InlineData("1", " ** 1")]
    [InlineData("1", " is odd")]
    public void Render_LongChain_FailsOrRendersButDoesNotOverflow(string first, string link)
    {
        string source = "{{ " + first + string.Concat(Enumerable.Repeat(link, 20_000)) + " }}";
        Assert.Throws<TemplateException>(() => ChatTemplate.Parse(source).RenderAsGiven(NoMessages));
    }

    [Theory]
    [InlineData("{% macro f(n) %}{% if true %}{% for a in [1] %}{% with %}{{ [f(n + 1)] | map('upper') | list }}{% endwith %}{% endfor %}{% endif %}{% endmacro %}{{ f(0) }}")]
    [InlineData("{% macro f() %}{% filter upper %}{% set x %}{% call f() %}{{ caller() }}{% endcall %}{% endset %}{{ x }}{% endfilter %}{% endmacro %}{{ f() }}")]
    [InlineData("{% for x in [[1]] recursive %}{{ ((((loop([[1]]))))) ~ (1 + (2 * (3 if true else 4))) }}{% endfor %}")]
    public void Render_DeepRecursion_FitsASmallStack(string source)
    {
        Exception? failure = null;
        var thread = new Thread(() => failure = Record.Exception(() => ChatTemplate.Parse(source).RenderAsGiven(NoMessages)), StackBytes);
        thread.Start();
        thread.Join();
        Assert.IsType<TemplateException>(failure);
    }

    [Fact]
    public void Parse_DeepNesting_FitsASmallStack()
    {
        Exception? failure = null;
        string source = string.Concat(Enumerable.Repeat("{% if f(a[{1: -(not (b", 10_000));
        var thread = new Thread(() => failure = Record.Exception(() => ChatTemplate.Parse(source)), StackBytes);
        thread.Start();
        thread.Join();
        Assert.IsType<TemplateException>(failure);
    }

    [Fact]
    public void Parse_TooLong_Fails() =>
        Assert.Throws<TemplateException>(() => ChatTemplate.Parse(new string('x', (1 << 18) + 1)));

    [Fact]
    public void Parse_TooManyNames_Fails() =>
        Assert.Throws<TemplateException>(() => ChatTemplate.Parse(string.Concat(Enumerable.Range(0, 5000).Select(static i => $"{{{{ a{i} }}}}"))));

    [Fact]
    public void RenderAsGiven_LargeConversation_IsNotLimited()
    {
        ChatTemplate template = ReferenceTemplates.Parse("Qwen-Qwen3-0.6B");
        string text = new('x', 100_000);
        var messages = Enumerable.Range(0, 200).Select(i => TemplateValue.From(new Dictionary<string, TemplateValue>
        {
            ["role"] = TemplateValue.From(i % 2 == 0 ? "user" : "assistant"),
            ["content"] = TemplateValue.From(text),
        }));
        string prompt = template.Render(new TemplateInput { Messages = TemplateValue.From(messages) }).ToString();
        Assert.True(prompt.Length > 20_000_000);
    }

    private static TemplateInput NoMessages => new() { Messages = TemplateValue.From(Array.Empty<TemplateValue>()) };
}
