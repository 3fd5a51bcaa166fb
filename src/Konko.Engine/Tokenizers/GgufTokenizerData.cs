using Konko.Engine.Gguf;

namespace Konko.Engine.Tokenizers;

/// <summary>Reads <see cref="TokenizerData"/> from a GGUF file's keys.</summary>
internal static class GgufTokenizerData
{
    /// <summary>The vocabulary as the file has it.</summary>
    /// <exception cref="GgufException">A key is missing or of the wrong type.</exception>
    public static TokenizerData Read(GgufMetadata metadata)
    {
        string model = metadata.GetString(Key("model"));
        // Other kinds of files carry these two with values that nobody ever looked at.
        bool isBert = model == "bert";
        return new TokenizerData
        {
            Model = model,
            Pre = metadata.FindString(Key("pre")),
            ModelName = metadata.FindString("general.name"),
            Tokens = metadata.GetStrings(Key("tokens")),
            TokenTypes = metadata.FindInt32Array(Key("token_type")),
            Scores = metadata.Contains(Key("scores")) ? metadata.GetArray<float>(Key("scores")).ToArray() : null,
            Merges = metadata.FindStrings(Key("merges")),
            BosId = metadata.FindInt32(Key("bos_token_id")),
            EosId = metadata.FindInt32(Key("eos_token_id")),
            EotId = metadata.FindInt32(Key("eot_token_id")),
            EomId = metadata.FindInt32(Key("eom_token_id")),
            UnknownId = metadata.FindInt32(Key("unknown_token_id")),
            FimPrefixId = metadata.FindInt32(Key("fim_pre_token_id")) ?? metadata.FindInt32(Key("prefix_token_id")),
            FimSuffixId = metadata.FindInt32(Key("fim_suf_token_id")) ?? metadata.FindInt32(Key("suffix_token_id")),
            FimMiddleId = metadata.FindInt32(Key("fim_mid_token_id")) ?? metadata.FindInt32(Key("middle_token_id")),
            SepId = isBert ? metadata.FindInt32(Key("seperator_token_id")) : null,
            ClsId = isBert ? metadata.FindInt32(Key("cls_token_id")) : null,
            AddBos = metadata.FindBool(Key("add_bos_token")),
            AddSpacePrefix = metadata.FindBool(Key("add_space_prefix")),
            Lowercase = metadata.FindBool(Key("normalizer.lowercase")),
            StripAccents = metadata.FindBool(Key("normalizer.strip_accents")),
        };
    }

    private static string Key(string name) => "tokenizer.ggml." + name;
}
