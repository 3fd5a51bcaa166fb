using Konko.Engine.Templates.Values;

namespace Konko.Engine.Templates;

/// <summary>Measures an input, because a render may use memory in proportion to it.</summary>
internal static class InputSize
{
    /// <summary>Size of an input in bytes, roughly.</summary>
    public static long Of(TemplateInput input) =>
        Of(input.Messages) + Of(input.Tools) + Of(input.Documents) + input.Variables.Sum(static variable => Of(variable.Value));

    private static long Of(TemplateValue? value) => value switch
    {
        null => 0,
        StringValue text => 64 + (text.Length * sizeof(char)),
        ListValue list => 64 + list.Items.Sum(static item => Of(item)),
        DictValue dict => 64 + dict.Members.Sum(static member => Of(member.Key) + Of(member.Value)),
        _ => 64,
    };
}
