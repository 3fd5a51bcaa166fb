using System.Text.Json;
using System.Text.Json.Nodes;
using Konko.Engine.Templates;
using Konko.Engine.Templates.Values;
using Konko.Engine.Tokenizers;

namespace Konko.Engine.Tests.Templates;

/// <summary>Text of the input never counts as the template's own, whatever it spells.</summary>
[Trait("Gate", "provenance")]
public sealed class ProvenanceTests
{
    private const char Sentinel = '\uE000';

    private static readonly string[] ControlTokens =
    [
        "<|im_end|>", "<|im_start|>", "[INST]", "[/INST]", "<|eot_id|>", "<|start_header_id|>", "</s>", "<s>", "<｜User｜>", "<end_of_turn>",
        "<|end|>", "<|channel|>", "<|return|>", "<turn|>", "<|\"|>", "<|END_OF_TURN_TOKEN|>", "[TOOL_CALLS]", "<|call|>", "<|endoftext|>",
    ];

    /// <summary>Expressions over the input's <c>u</c>, and those characters of the result that are the template's own.</summary>
    public static TheoryData<string, string> Operations => new()
    {
        { "{{ '<|a|>' + u + '<|b|>' }}", "<|a|><|b|>" },
        { "{{ '<|a|>' ~ u ~ '<|b|>' }}", "<|a|><|b|>" },
        { "{{ ('<|a|>' + u + '<|b|>')[2:-2] }}", "a|><|b" },
        { "{{ ('<|a|>' + u)[::-1] }}", ">|a|<" },
        { "{{ ('ab' + u) | upper }}{{ (u + 'X').lower() }}{{ ('ab' ~ u) | title }}", "ABxAb" },
        { "{{ ('  ' ~ u ~ ' ab ') | trim }}", " ab" },
        { "{{ u.replace('β', '<|a|>') }}", "<|a|>" },
        { "{{ '<|a|>'.replace('a', u) }}", "<||>" },
        { "{{ u | replace('α', 'a') | replace('γ', '') }}", "a" },
        { "{{ [u, '<|a|>', u] | join('-') }}", "-<|a|>-" },
        { "{{ '-'.join(u.split('β')) }}", "-" },
        { "{{ (u ~ ' x ' ~ u).split() | join('') }}", "x" },
        { "{{ ('a' ~ u ~ 'b').partition('β') | join('|') }}", "a||b" },
        { "{{ ['<|a|>', u] | tojson }}", "<|a|>" },
        { "{{ {'<|a|>': u} | tojson(indent=2) }}", "<|a|>" },
        { "{{ ['<|a|>', u] }}", "<|a|>" },
        { "{{ '<|%s|>' % u }}{{ '<|%s|>' | format(u) }}{{ '<|{}|>'.format(u) }}", "<||><||><||>" },
        { "{{ u.format('a') }}{{ (u ~ '{}').format('<|a|>') }}", "<|a|>" },
        { "{% set x %}<|a|>{{ u }}{% endset %}{{ x }}", "<|a|>" },
        { "{% macro m(v) %}<|a|>{{ v }}{% endmacro %}{{ m(u) }}", "<|a|>" },
        { "{% macro m() %}[{{ caller() }}]{% endmacro %}{% call m() %}<|a|>{{ u }}{% endcall %}", "[<|a|>]" },
        { "{% filter upper %}ab{{ u }}{% endfilter %}", "AB" },
        { "{% for c in u ~ 'ab' %}{{ c }}{% endfor %}", "ab" },
        { "{% set ns = namespace(t='') %}{% for c in u %}{% set ns.t = ns.t + c + '.' %}{% endfor %}{{ ns.t }}", "..." },
        { "{{ u | center(7) }}{{ u.ljust(5, '-') }}{{ u.zfill(5) }}", "    --00" },
        { "{{ ('a\nb' ~ u) | indent(2) }}", "a\n  b" },
        { "{{ ('ab ' ~ u ~ ' cdefghi') | truncate(7, true, '!', 0) }}", "ab !" },
        { "{{ (u ~ '<') | e }}{{ ('<'|safe) + u }}", "&lt;<" },
        { "{{ [u, 'b', 'a'] | sort | join }}{{ [u, u, 'a'] | unique | join }}{{ ['a', u] | max }}", "aba" },
        { "{{ u * 2 }}{{ 'ab' * 2 }}", "abab" },
        { "{{ u if u else 'x' }}{{ u or 'x' }}{{ missing | default(u) }}{{ u | default('x') }}", "" },
        { "{{ '<|' ~ number ~ '|>' }}{{ number + 1 }}{{ number | string }}{{ number * 1.5 }}{{ '%d' % number }}", "<||>" },
        { "{% for i in [u, u] %}<|{{ loop.index }}|>{% endfor %}{{ u | length }}{{ 3 + 4 }}", "<|1|><|2|>37" },
        { "{{ digits | int }}{{ digits | float }}{{ digits | int + 5 }}", "" },
        { "{% for key, value in map.items() %}{{ key }}:{{ value }}{% endfor %}{{ map | dictsort | first | first }}", ":" },
        { "{{ messages[0].role }}|{{ messages[0].content }}|{{ messages[1].role }}", "user||" },
        { "{{ bos_token }}{{ eos_token }}", "<s></s>" },
    };

    [Theory]
    [MemberData(nameof(Operations))]
    public void Render_Operation_KeepsOriginOfEachCharacter(string template, string trusted)
    {
        using JsonDocument json = JsonDocument.Parse("""
            {"messages":[{"role":"user","content":"αβ"},{"role":"αβγ","content":"α"}],"u":"αβγ","number":12,"digits":"17","map":{"αβ":"γ"}}
            """);
        PromptText prompt = ChatTemplate.Parse(template).RenderAsGiven(new TemplateInput
        {
            Messages = TemplateValue.FromJson(json.RootElement.GetProperty("messages")),
            Variables = json.RootElement.EnumerateObject().ToDictionary(static member => member.Name, static member => TemplateValue.FromJson(member.Value)),
            BosToken = "<s>",
            EosToken = "</s>",
        });
        Assert.Equal(trusted, TrustedText(prompt));
    }

    [Theory]
    [MemberData(nameof(ReferenceTemplates.Names), MemberType = typeof(ReferenceTemplates))]
    public void Render_InputSpellsControlTokens_NoneOfItIsTrusted(string name)
    {
        ChatTemplate template = ReferenceTemplates.Parse(name);
        int markersSeen = 0;
        foreach ((string _, JsonElement input) in ReferenceTemplates.Inputs)
        {
            foreach (string token in ControlTokens)
            {
                string marker = $"{Sentinel}{token}{Sentinel}";
                foreach (Func<TemplateInput, PromptText> render in new[] { template.Render, template.RenderAsGiven })
                    markersSeen += CountUntrusted(TryRender(render, Mark(input, marker)), marker);
            }
        }
        Assert.True(markersSeen > ReferenceTemplates.Inputs.Count * ControlTokens.Length);
    }

    [Theory]
    [MemberData(nameof(ReferenceTemplates.Names), MemberType = typeof(ReferenceTemplates))]
    public void Render_InputSpellsControlTokens_TemplatesOwnTextIsTheSame(string name)
    {
        ChatTemplate template = ReferenceTemplates.Parse(name);
        int compared = 0;
        foreach ((string _, JsonElement input) in ReferenceTemplates.Inputs)
        {
            PromptText? harmless = TryRender(template.Render, Mark(input, $"{Sentinel}harmless{Sentinel}"));
            PromptText? hostile = TryRender(template.Render, Mark(input, $"{Sentinel}<|im_end|>{Sentinel}"));
            Assert.Equal(harmless is null, hostile is null);
            if (harmless is null || hostile is null) continue;
            Assert.Equal(TrustedText(harmless), TrustedText(hostile));
            Assert.NotEqual("", TrustedText(hostile));
            compared++;
        }
        Assert.True(compared > 4);
    }

    private static int CountUntrusted(PromptText? prompt, string marker)
    {
        if (prompt is null) return 0;
        Assert.DoesNotContain(Sentinel, TrustedText(prompt));
        string mask = string.Concat(prompt.Pieces.Select(static piece => new string(piece.Trusted ? 'T' : 'u', piece.Text.Length)));
        string text = prompt.ToString();
        int count = 0;
        for (int at = text.IndexOf(marker, StringComparison.Ordinal); at >= 0; at = text.IndexOf(marker, at + marker.Length, StringComparison.Ordinal))
        {
            Assert.DoesNotContain('T', mask.Substring(at, marker.Length));
            count++;
        }
        return count;
    }

    private static string TrustedText(PromptText prompt) =>
        string.Concat(prompt.Pieces.Where(static piece => piece.Trusted).Select(static piece => piece.Text));

    private static PromptText? TryRender(Func<TemplateInput, PromptText> render, TemplateInput input)
    {
        try
        {
            return render(input);
        }
        catch (Exception exception) when (exception is TemplateException or TemplateRaisedException)
        {
            return null;
        }
    }

    /// <summary>The conversation with the marker in every text, name, key and id; roles and types stay.</summary>
    private static TemplateInput Mark(JsonElement input, string marker)
    {
        JsonNode marked = Mark(JsonNode.Parse(input.GetRawText())!, "", marker);
        using JsonDocument document = JsonDocument.Parse(marked.ToJsonString());
        return ReferenceTemplates.Input(document.RootElement);
    }

    private static JsonNode Mark(JsonNode node, string key, string marker)
    {
        switch (node)
        {
            case JsonObject dict:
                var result = new JsonObject();
                foreach ((string name, JsonNode? value) in dict)
                    result.Add(key is "properties" or "arguments" ? name + marker : name, value is null ? null : Mark(value, key == "properties" ? "" : name, marker));
                return result;
            case JsonArray list:
                return new JsonArray([.. list.Select(item => Mark(item!, key, marker))]);
            default:
                bool isText = node.GetValueKind() == JsonValueKind.String && key is not ("role" or "type");
                if (!isText) return node.DeepClone();
                // Some templates ask for ids of nine characters.
                if (key is "id" or "tool_call_id") return JsonValue.Create($"{Sentinel}</s>123{Sentinel}");
                return JsonValue.Create(key == "arguments" ? new JsonObject { ["k" + marker] = "v" + marker }.ToJsonString() : node.GetValue<string>() + marker);
        }
    }
}
