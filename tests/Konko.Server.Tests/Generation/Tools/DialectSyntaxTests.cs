using System.Text.Json;
using Konko.Server.Generation.Tools;

namespace Konko.Server.Tests.Generation.Tools;

public sealed class DialectSyntaxTests
{
    [Theory]
    [InlineData("NousResearch-Hermes-3-Llama-3.1-8B-tool_use", ToolDialect.Hermes)]
    [InlineData("Qwen-QwQ-32B", ToolDialect.Hermes)]
    [InlineData("Qwen-Qwen2.5-7B-Instruct", ToolDialect.Hermes)]
    [InlineData("Qwen-Qwen3-0.6B", ToolDialect.Hermes)]
    [InlineData("ibm-granite-granite-3.3-2B-Instruct", ToolDialect.Listed)]
    [InlineData("meta-llama-Llama-3.1-8B-Instruct", ToolDialect.Llama)]
    [InlineData("meta-llama-Llama-3.2-3B-Instruct", ToolDialect.Llama)]
    [InlineData("mistralai-Mistral-Nemo-Instruct-2407", ToolDialect.Mistral)]
    [InlineData("unsloth-mistral-Devstral-Small-2507", ToolDialect.Mistral)]
    [InlineData("openai-gpt-oss-120b", ToolDialect.Harmony)]
    [InlineData("google-gemma-2-2b-it", ToolDialect.Gemma)]
    [InlineData("google-gemma-4-31B-it", ToolDialect.Bare)]
    [InlineData("meetkai-functionary-medium-v3.1", ToolDialect.Tagged)]
    [InlineData("deepseek-ai-DeepSeek-R1-Distill-Qwen-32B", ToolDialect.DeepSeek)]
    [InlineData("deepseek-ai-DeepSeek-V4", ToolDialect.Markup)]
    [InlineData("deepseek-ai-DeepSeek-V4-Flash-0731", ToolDialect.Markup)]
    [InlineData("CohereForAI-c4ai-command-r7b-12-2024-tool_use", ToolDialect.Cohere)]
    [InlineData("Cohere2MoE", ToolDialect.Cohere)]
    [InlineData("HuggingFaceTB-SmolLM3-3B", ToolDialect.Generic)]
    public void Find_PublishedTemplate_IsTheDialectOfItsModel(string name, ToolDialect expected)
    {
        string? path = Repository.Reference("chat-templates.json");
        Assert.SkipWhen(path is null, "The reference templates are not here.");
        using JsonDocument file = JsonDocument.Parse(File.ReadAllBytes(path));
        JsonElement template = file.RootElement.GetProperty("templates").EnumerateArray().Single(t => t.GetProperty("template").GetString() == name);
        // Llama's vocabulary has the token even where its template does not.
        Assert.Equal(expected, DialectSyntax.Find(template.GetProperty("source").GetString(), literal => name.Contains("lama-3", StringComparison.Ordinal) && literal == "<|python_tag|>"));
    }

    [Theory]
    [InlineData(null, "[TOOL_CALLS]", ToolDialect.Generic)]
    [InlineData("{{ messages }}", "[TOOL_CALLS]", ToolDialect.Generic)]
    [InlineData("{{ tools }}", "[TOOL_CALLS]", ToolDialect.Mistral)]
    [InlineData("{{ tools }}", "<|tool_call|>", ToolDialect.Listed)]
    [InlineData("{{ tools }}", "<tool_call>", ToolDialect.Hermes)]
    [InlineData("{{ tools }}", "<｜tool▁call▁begin｜>", ToolDialect.DeepSeek)]
    [InlineData("{{ tools }}", "<|START_ACTION|>", ToolDialect.Cohere)]
    [InlineData("{{ tools }}", "other", ToolDialect.Generic)]
    [InlineData("<function=name>\n<parameter=x>", "<tool_call>", ToolDialect.Tagged)]
    [InlineData("Action: ```json [{\"tool_name\": …}]", "other", ToolDialect.Cohere)]
    public void Find_TemplateThatShowsNoCall_GoesByTheVocabulary(string? template, string token, ToolDialect expected)
        => Assert.Equal(expected, DialectSyntax.Find(template, literal => literal == token));

    [Theory]
    [InlineData(null, ToolDialect.Generic)]
    [InlineData("[TOOL_CALLS]", ToolDialect.Generic)]
    [InlineData("<start_of_turn>", ToolDialect.Gemma)]
    [InlineData("<｜tool▁call▁begin｜>", ToolDialect.DeepSeek)]
    public void FindUntold_TemplateThatTakesNoTools_IsGenericOrWhatTheModelWasTaught(string? template, ToolDialect expected)
        => Assert.Equal(expected, DialectSyntax.FindUntold(template));
}
