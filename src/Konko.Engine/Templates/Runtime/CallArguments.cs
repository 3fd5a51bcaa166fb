using Konko.Engine.Templates.Values;

namespace Konko.Engine.Templates.Runtime;

/// <summary>The arguments of a call, evaluated.</summary>
/// <param name="positional">Those given by position.</param>
/// <param name="named">Those given by name, in order.</param>
internal sealed class CallArguments(TemplateValue[] positional, KeyValuePair<string, TemplateValue>[] named)
{
    /// <summary>No arguments.</summary>
    public static readonly CallArguments None = new([], []);

    /// <summary>Arguments given by position.</summary>
    public TemplateValue[] Positional => positional;

    /// <summary>Arguments given by name.</summary>
    public KeyValuePair<string, TemplateValue>[] Named => named;

    /// <summary>Puts the arguments into the order of a function's parameters; null where one is not given.</summary>
    /// <param name="function">The function's name, for errors.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <exception cref="TemplateException">There are more arguments than parameters, or one has an unknown name.</exception>
    public TemplateValue?[] Bind(string function, params ReadOnlySpan<string> parameters)
    {
        if (positional.Length > parameters.Length)
            throw new TemplateException($"{function} takes at most {parameters.Length} arguments, {positional.Length} are given");
        var bound = new TemplateValue?[parameters.Length];
        positional.CopyTo(bound, 0);
        foreach (KeyValuePair<string, TemplateValue> argument in named)
        {
            int index = parameters.IndexOf(argument.Key);
            if (index < 0) throw new TemplateException($"{function} has no argument '{argument.Key}'");
            if (bound[index] is not null) throw new TemplateException($"{function} got argument '{argument.Key}' twice");
            bound[index] = argument.Value;
        }
        return bound;
    }

    /// <summary>Fails where arguments are given at all.</summary>
    public void BindNone(string function) => Bind(function);

    /// <summary>The arguments after the first few given by position.</summary>
    public CallArguments Skip(int count) => new(positional[count..], named);
}
