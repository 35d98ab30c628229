# wish drag_source.tcl FILE: a window from which a file can be dragged, in a program that has nothing to do with ocrdesk.
package require tkdnd
wm title . "drag source"
wm geometry . 200x200+1100+300
pack [label .file -text "Drag me"] -expand 1 -fill both
tkdnd::drag_source register .file DND_Files 1
bind .file <<DragInitCmd>> [list apply {{file} {list copy DND_Files [list "file://$file"]}} [lindex $argv 0]]
