using Konko.Engine.Templates.Expressions;
using Konko.Engine.Templates.Runtime;
using Konko.Engine.Templates.Values;

namespace Konko.Engine.Templates.Statements;

/// <summary>What a macro, or the body of a call block, consists of.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Parameters">Its parameters, with the template's numbers for their names and their defaults, or null.</param>
/// <param name="Body">What it writes.</param>
/// <param name="VarargsName">The template's number for <c>varargs</c> where the body uses it, or −1: surplus arguments fail.</param>
/// <param name="KwargsName">The same for <c>kwargs</c>.</param>
/// <param name="CallerName">The same for <c>caller</c>.</param>
internal sealed record MacroDefinition(
    string Name, (string Name, int Number, Expression? Default)[] Parameters, Statement Body, int VarargsName, int KwargsName, int CallerName)
{
    /// <summary>Sets the parameters in the scope of a call.</summary>
    /// <exception cref="TemplateException">There are arguments that the macro does not take.</exception>
    public void Bind(RenderContext context, Scope scope, CallArguments arguments)
    {
        TemplateValue[] positional = arguments.Positional;
        if (positional.Length > Parameters.Length && VarargsName < 0)
            throw new TemplateException($"macro '{Name}' takes at most {Parameters.Length} arguments, {positional.Length} are given");
        if (CallerName >= 0) scope.Set(CallerName, new UndefinedValue($"macro '{Name}' was not called by a call block"));
        var values = new TemplateValue?[Parameters.Length];
        for (int i = 0; i < positional.Length && i < values.Length; i++) values[i] = positional[i];
        var surplus = new DictValue();
        foreach (KeyValuePair<string, TemplateValue> argument in arguments.Named) BindNamed(scope, values, surplus, argument);
        for (int i = 0; i < values.Length; i++)
        {
            (string name, int number, Expression? missing) = Parameters[i];
            scope.Set(number, values[i] ?? missing?.Evaluate(context) ?? new UndefinedValue($"parameter '{name}' was not provided"));
        }
        if (VarargsName >= 0) scope.Set(VarargsName, new ListValue([.. positional.Skip(values.Length)], SequenceKind.Tuple));
        if (KwargsName >= 0) scope.Set(KwargsName, surplus);
    }

    private void BindNamed(Scope scope, TemplateValue?[] values, DictValue surplus, KeyValuePair<string, TemplateValue> argument)
    {
        int index = Array.FindIndex(Parameters, parameter => parameter.Name == argument.Key);
        if (index >= 0 && values[index] is null) values[index] = argument.Value;
        else if (index >= 0) throw new TemplateException($"macro '{Name}' got argument '{argument.Key}' twice");
        else if (argument.Key == "caller" && CallerName >= 0) scope.Set(CallerName, argument.Value);
        else if (KwargsName >= 0) surplus.Set(StringValue.Trusted(argument.Key), argument.Value);
        else throw new TemplateException($"macro '{Name}' takes no keyword argument '{argument.Key}'");
    }
}
