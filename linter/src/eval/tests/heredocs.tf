locals {
  plain = <<EOT
hello
world
EOT
  empty = <<EOT
EOT
  indented = <<-EOT
    a
      b
    c
    EOT
  tabs = <<-EOT
		a
	b
	EOT
  blank_lines = <<-EOT
    a

    b
  
    EOT
  interpolated = <<EOT
a ${1 + 1} b
${"x"}
EOT
  interpolated_indent = <<-EOT
    ${"a"}
      ${"b"}
    EOT
  escapes = <<EOT
a\nb "q" $${x} %%{y} $ %
EOT
  directive = <<EOT
%{ for x in ["a", "b"] ~}
item ${x}
%{ endfor ~}
end
EOT
  directive_loose = <<EOT
%{ for x in ["a", "b"] }
item ${x}
%{ endfor }
end
EOT
  directive_indent = <<-EOT
    %{ if true ~}
    yes
    %{ else ~}
    no
    %{ endif ~}
    end
    EOT
  nested = <<EOT
%{ for x in [1, 2] ~}
%{ if x > 1 ~}
big ${x}
%{ else ~}
small ${x}
%{ endif ~}
%{ endfor ~}
EOT
  in_object = { a = <<EOT
x
EOT
  b = 1 }
  in_call = upper(<<EOT
x
EOT
)
  chomped = chomp(<<-EOT
  x
  EOT
)
  multi = <<EOT
${join(",", [
  "a",
  "b",
])}
EOT
  strip_left = <<EOT
a
  ${~ "b" }
EOT
  strip_right = <<EOT
${ "b" ~}

  c
EOT
  marker_text = <<EOT
EOT x
 EOT2
EOT
  lone = <<EOT
${[1, 2][0]}
EOT
  json = <<EOT
{"a": "${1}", "b": [${join(", ", [for x in ["p", "q"] : "\"${x}\""])}]}
EOT
  unicode = <<EOT
é ${"ü"} 😀
EOT
}
